/* fd-link IMAGE: starts the image with one end of a pair of sockets as file 3, asks on the other who has its address, and goes away. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argc;
  int pair[2], status = 0;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0) return 2;
  pid_t image = fork();
  if (image == 0) {
    close(pair[0]);
    dup2(pair[1], 3);
    execl(argv[1], argv[1], "--fd", "3", "--mac", "02:00:00:00:00:99", (char *)0);
    _exit(127);
  }
  close(pair[1]);
  const unsigned char question[42] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
                                      2, 0, 0, 0, 0, 1, 10, 77, 0, 1, 0, 0, 0, 0, 0, 0, 10, 77, 0, 2};
  if (write(pair[0], question, sizeof question) != sizeof question) return 2;
  unsigned char frame[2048];
  /* It announces itself, too: only an answer counts. */
  while (read(pair[0], frame, sizeof frame) >= 42)
    if (frame[12] == 8 && frame[13] == 6 && frame[21] == 2 && !memcmp(frame, question + 6, 6)) {
      printf("%d.%d.%d.%d is at", frame[28], frame[29], frame[30], frame[31]);
      for (int n = 0; n < 6; n++) printf("%c%02x", n ? ':' : ' ', frame[22 + n]);
      printf("\n");
      break;
    }
  close(pair[0]);
  waitpid(image, &status, 0);
  printf("ended with %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
  return 0;
}
