// lossy-link ONE TWO MS PERCENT SEED: a cable between two network devices that delays frames by MS in both directions and loses PERCENT of those from ONE to TWO, as
// netem does where the kernel has it. Frames of segments that were not cut are not for it: offloads of both devices' other ends must be off.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PLACES 16384
#define MOST 1600

struct frame {
  uint64_t due;
  int length;
  unsigned char bytes[MOST];
};
static struct frame *queues[2];
static unsigned first[2], behind[2];
static uint64_t state;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// SplitMix64.
static double fraction(void) {
  uint64_t mixed = state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return ((mixed ^ (mixed >> 31)) >> 11) / 9007199254740992.0;
}

static int device(const char *name) {
  int file = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL)), one = 1, room = 16 << 20;
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
  setsockopt(file, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  setsockopt(file, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  setsockopt(file, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  if (file < 0 || !to.sll_ifindex || bind(file, (void *)&to, sizeof to) < 0) {
    perror(name);
    exit(1);
  }
  return file;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "lossy-link ONE TWO MS PERCENT SEED\n");
    return 2;
  }
  struct pollfd files[2] = {{device(argv[1]), POLLIN, 0}, {device(argv[2]), POLLIN, 0}};
  uint64_t delay = atof(argv[3]) * 1e6;
  double loss = atof(argv[4]) / 100;
  state = strtoull(argv[5], 0, 10);
  for (int n = 0; n < 2; n++) queues[n] = malloc(PLACES * sizeof(struct frame));
  puts("ready");
  fflush(stdout);
  for (;;) {
    uint64_t time = now(), next = time + 100000000;
    for (int n = 0; n < 2; n++) {
      while (first[n] != behind[n]) {
        struct frame *each = &queues[n][first[n] % PLACES];
        if (each->due > time) {
          if (each->due < next) next = each->due;
          break;
        }
        if (send(files[1 - n].fd, each->bytes, each->length, 0) < 0) perror("send");
        first[n]++;
      }
    }
    struct timespec wait = {0, next > time ? next - time : 0};
    ppoll(files, 2, &wait, 0);
    time = now();
    for (int n = 0; n < 2; n++)
      for (;;) {
        struct frame *place = &queues[n][behind[n] % PLACES];
        int length = recv(files[n].fd, place->bytes, MOST, MSG_TRUNC);
        if (length < 0) break;
        if (length > MOST) {
          fprintf(stderr, "a frame of %d bytes\n", length);
          continue;
        }
        if (n == 0 && length > 100 && fraction() < loss) continue;
        if (behind[n] - first[n] == PLACES) continue;
        place->length = length;
        place->due = time + delay;
        behind[n]++;
      }
  }
}
