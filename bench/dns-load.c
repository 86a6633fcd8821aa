/* Asks a DNS server, for the benchmarks; prints one JSON line.
 *
 *   dns-load first IP PORT NAME               a query every millisecond until the first good answer;
 *                                             prints CLOCK_MONOTONIC in seconds when it came
 *   dns-load count IP PORT NAMES N W COUNTER  N queries over the names of a file, W outstanding; COUNTER is the file
 *                                             of the instruction-counting plugin ("-": none)
 *
 * gcc -O2 -o dns-load dns-load.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_NAMES = 200000, MAX_PACKET = 512, BATCH = 64 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

/* An A query for `name`; its length in bytes. */
static int query(uint8_t *packet, const char *name, uint16_t id) {
  memset(packet, 0, 12);
  packet[0] = id >> 8;
  packet[1] = id & 255;
  packet[5] = 1;
  uint8_t *at = packet + 12;
  while (*name) {
    const char *dot = strchrnul(name, '.');
    int length = dot - name;
    if (length == 0) break;
    *at++ = length;
    memcpy(at, name, length);
    at += length;
    name = *dot ? dot + 1 : dot;
  }
  memcpy(at, "\0\0\1\0\1", 5);
  return at + 5 - packet;
}

static int connect_to(const char *ip, const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  inet_pton(AF_INET, ip, &address.sin_addr);
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  int size = 4 << 20;
  setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (s < 0 || connect(s, (void *)&address, sizeof address)) exit(2);
  return s;
}

/* No error, and a record. */
static int answers(const uint8_t *reply) { return (reply[3] & 15) == 0 && (reply[6] | reply[7]); }

static int first(int s, const char *name) {
  uint8_t packet[MAX_PACKET], reply[1500];
  int length = query(packet, name, 7);
  for (double begin = now(); now() - begin < 60;) {
    send(s, packet, length, 0);
    struct pollfd p = {s, POLLIN, 0};
    if (poll(&p, 1, 1) > 0 && recv(s, reply, sizeof reply, MSG_DONTWAIT) > 12 && answers(reply)) {
      printf("{\"at\":%.6f}\n", now());
      return 0;
    }
  }
  return 3;
}

static const volatile uint64_t *counter(const char *path) {
  static uint64_t none;
  if (!strcmp(path, "-")) return &none;
  int fd = open(path, O_RDONLY);
  void *map = fd < 0 ? MAP_FAILED : mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) {
    perror(path);
    exit(2);
  }
  return map;
}

static char *names[MAX_NAMES];

static int read_names(const char *path) {
  static char line[300];
  FILE *f = fopen(path, "r");
  int n = 0;
  while (f && n < MAX_NAMES && fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = 0;
    if (*line) names[n++] = strdup(line);
  }
  if (n == 0) exit(2);
  return n;
}

static int count(int s, const char *file, int total, int window, const char *counter_file) {
  int known = read_names(file);
  const volatile uint64_t *instructions = counter(counter_file);
  static uint8_t packets[BATCH][MAX_PACKET];
  static uint8_t reply[2048];
  int sent = 0, received = 0, good = 0, lost = 0, outstanding = 0;
  uint64_t before = *instructions;
  double begin = now(), last = begin;
  while (received + lost < total) {
    struct mmsghdr messages[BATCH];
    struct iovec vectors[BATCH];
    int batch = 0;
    memset(messages, 0, sizeof messages);
    while (outstanding + batch < window && sent + batch < total && batch < BATCH) {
      int id = sent + batch;
      vectors[batch] = (struct iovec){packets[batch], query(packets[batch], names[id % known], id)};
      messages[batch].msg_hdr.msg_iov = &vectors[batch];
      messages[batch].msg_hdr.msg_iovlen = 1;
      batch++;
    }
    if (batch > 0) {
      int done = sendmmsg(s, messages, batch, 0);
      if (done > 0) sent += done, outstanding += done;
    }
    struct pollfd p = {s, POLLIN, 0};
    if (poll(&p, 1, 1000) <= 0) {
      lost += outstanding;
      outstanding = 0;
      continue;
    }
    int n;
    while ((n = recv(s, reply, sizeof reply, MSG_DONTWAIT)) > 0) {
      received++;
      if (outstanding > 0) outstanding--;
      if (answers(reply)) good++;
    }
    last = now();
  }
  /* The last answers are out before the guest is idle again: let it get there. */
  usleep(20000);
  printf("{\"received\":%d,\"good\":%d,\"lost\":%d,\"seconds\":%.4f,\"instructions\":%lu}\n", received, good, lost,
         last - begin, (unsigned long)(*instructions - before));
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 5 && !strcmp(argv[1], "first")) return first(connect_to(argv[2], argv[3]), argv[4]);
  if (argc == 8 && !strcmp(argv[1], "count"))
    return count(connect_to(argv[2], argv[3]), argv[4], atoi(argv[5]), atoi(argv[6]), argv[7]);
  fprintf(stderr, "usage: dns-load first IP PORT NAME | count IP PORT NAMES N W COUNTER\n");
  return 2;
}
