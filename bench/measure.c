/* Runs a program and measures it: wall-clock, processor time of it and of all children it waited for, and the memory of the largest of them.
 *
 *   measure FILE PROGRAM [ARGUMENT...]     FILE gets one JSON line; the exit code is the program's
 *
 * gcc -O2 -o measure measure.c
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double ms(struct timeval t) { return t.tv_sec * 1e3 + t.tv_usec * 1e-3; }

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct timespec begin, end;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 2;
  clock_gettime(CLOCK_MONOTONIC, &end);
  double wall = (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) * 1e-6;
  FILE *out = fopen(argv[1], "w");
  if (out == NULL) return 2;
  fprintf(out, "{\"wall\":%.1f,\"cpu\":%.1f,\"mebibytes\":%ld}\n", wall, ms(usage.ru_utime) + ms(usage.ru_stime),
          usage.ru_maxrss / 1024);
  fclose(out);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
