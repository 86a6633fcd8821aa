/* Asks an HTTP server one request after the other, for the benchmarks; prints one JSON line.
 *
 *   http-load first IP PORT PATH             a connection every millisecond until the first good answer; prints CLOCK_MONOTONIC in seconds when
 *                                            its first byte came
 *   http-load kept IP PORT PATH N COUNTER    N requests on one connection; COUNTER is the file of the instruction-counting plugin ("-": none)
 *   http-load new IP PORT PATH N COUNTER     N requests, each on a connection of its own
 *   http-load open IP PORT PATH N            N connections with one request each, which stay open until standard input ends
 *
 * gcc -O2 -o http-load http-load.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in address = {.sin_family = AF_INET};
static char request[600];
static char buffer[1 << 20];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static int connected(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (s < 0 || connect(s, (void *)&address, sizeof address)) fail("connect");
  return s;
}

/* Reads one answer; bytes of its body. */
static long answer(int s) {
  long have = 0;
  char *end = NULL;
  while (end == NULL) {
    long n = recv(s, buffer + have, 65536 - have, 0);
    if (n <= 0) fail("no answer");
    have += n;
    buffer[have] = 0;
    end = strstr(buffer, "\r\n\r\n");
  }
  char *length = strcasestr(buffer, "\r\ncontent-length:");
  if (strncmp(buffer, "HTTP/1.1 200 ", 13) || length == NULL || length > end) fail("not 200 with a length");
  long body = atol(length + 17), left = body - (have - (end + 4 - buffer));
  while (left > 0) {
    long n = recv(s, buffer, sizeof buffer, 0);
    if (n <= 0) fail("half an answer");
    left -= n;
  }
  return body;
}

static void ask(int s) {
  if (send(s, request, strlen(request), 0) < 0) fail("send");
}

static int first(void) {
  for (double begin = now(); now() - begin < 60;) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    /* What is lost while the machine starts is asked for again at once, not after a second as TCP does. */
    connect(s, (void *)&address, sizeof address);
    struct pollfd p = {s, POLLOUT, 0};
    if (poll(&p, 1, 1) > 0 && (p.revents & POLLERR) == 0) {
      ask(s);
      p.events = POLLIN;
      if (poll(&p, 1, 1000) > 0 && recv(s, buffer, 4096, 0) > 12 && !strncmp(buffer, "HTTP/1.1 200 ", 13)) {
        printf("{\"at\":%.6f}\n", now());
        return 0;
      }
    }
    close(s);
  }
  return 3;
}

static const volatile uint64_t *counter(const char *path) {
  static uint64_t none;
  if (!strcmp(path, "-")) return &none;
  int fd = open(path, O_RDONLY);
  void *map = fd < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) fail(path);
  return map;
}

static int count(int keep, long total, const char *file) {
  const volatile uint64_t *instructions = counter(file);
  uint64_t before = *instructions;
  double begin = now();
  long bytes = 0;
  int s = -1;
  for (long n = 0; n < total; n++) {
    if (s < 0) s = connected();
    ask(s);
    bytes += answer(s);
    if (keep) continue;
    while (recv(s, buffer, sizeof buffer, 0) > 0);
    close(s);
    s = -1;
  }
  double seconds = now() - begin;
  /* The last acknowledgement may be late (40 ms), and the guest has to be idle again. */
  usleep(100000);
  uint64_t after = *instructions;
  printf("{\"bytes\":%ld,\"seconds\":%.4f,\"instructions\":%lu}\n", bytes, seconds, (unsigned long)(after - before));
  return 0;
}

static int keep_open(long total) {
  struct rlimit files = {total + 100, total + 100};
  setrlimit(RLIMIT_NOFILE, &files);
  for (long n = 0; n < total; n++) {
    int s = connected();
    ask(s);
    answer(s);
  }
  printf("{\"open\":%ld}\n", total);
  fflush(stdout);
  while (getchar() != EOF);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 5) goto usage;
  address.sin_port = htons(atoi(argv[3]));
  if (inet_pton(AF_INET, argv[2], &address.sin_addr) != 1) goto usage;
  int is_new = !strcmp(argv[1], "new");
  snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", argv[4], argv[2], is_new ? "Connection: close\r\n" : "");
  if (argc == 5 && !strcmp(argv[1], "first")) return first();
  if (argc == 7 && (is_new || !strcmp(argv[1], "kept"))) return count(!is_new, atol(argv[5]), argv[6]);
  if (argc == 6 && !strcmp(argv[1], "open")) return keep_open(atol(argv[5]));
usage:
  fprintf(stderr, "usage: http-load first IP PORT PATH | kept|new IP PORT PATH N COUNTER | open IP PORT PATH N\n");
  return 2;
}
