/* Counts guest instructions: a plugin for QEMU's TCG (plugin API version 1, qemu/include/qemu/qemu-plugin.h).
 *
 *   qemu-system-x86_64 ... -plugin icount.so,out=FILE[,mark=ADDRESS]...[,from=ADDRESS,below=ADDRESS]
 *
 * FILE holds numbers of 8 bytes that a reader may map while the machine runs: all instructions so far, then for each mark (up to 16) how often
 * the instruction at that virtual address began, and the number of all instructions when it first did. With from and below only instructions at
 * virtual addresses in between are counted: those of one guest of a hypervisor that is emulated, if nobody else has code there.
 *
 * gcc -O2 -shared -fPIC -o icount.so icount.c
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef struct qemu_info_t qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translated_cb)(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*executed_cb)(unsigned int cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, translated_cb callback);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t n);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation, void *counter, uint64_t amount);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, executed_cb callback, int flags, void *data);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

enum { MAX_MARKS = 16, ADD = 0, NO_REGISTERS = 0 };

static struct {
  uint64_t total;
  struct {
    uint64_t hits, first;
  } marks[MAX_MARKS];
} *counters;
static uint64_t addresses[MAX_MARKS];
static int marks;
static uint64_t from = 0, below = UINT64_MAX;

static void reached(unsigned int cpu, void *data) {
  (void)cpu;
  long n = (long)data;
  if (counters->marks[n].hits++ == 0) counters->marks[n].first = counters->total;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  size_t count = qemu_plugin_tb_n_insns(block);
  for (size_t i = 0; i < count; i++) {
    struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
    for (long n = 0; n < marks; n++)
      if (qemu_plugin_insn_vaddr(insn) == addresses[n])
        qemu_plugin_register_vcpu_insn_exec_cb(insn, reached, NO_REGISTERS, (void *)n);
    uint64_t at = qemu_plugin_insn_vaddr(insn);
    if (at >= from && at < below) qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD, &counters->total, 1);
  }
}

static int fail(const char *why) {
  fprintf(stderr, "icount: %s\n", why);
  return 1;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  (void)info;
  const char *out = NULL;
  for (int i = 0; i < argc; i++) {
    if (!strncmp(argv[i], "out=", 4)) out = argv[i] + 4;
    else if (!strncmp(argv[i], "mark=", 5) && marks < MAX_MARKS) addresses[marks++] = strtoull(argv[i] + 5, NULL, 0);
    else if (!strncmp(argv[i], "from=", 5)) from = strtoull(argv[i] + 5, NULL, 0);
    else if (!strncmp(argv[i], "below=", 6)) below = strtoull(argv[i] + 6, NULL, 0);
    else return fail("arguments are out=FILE, up to 16 mark=ADDRESS, from=ADDRESS and below=ADDRESS");
  }
  if (out == NULL) return fail("out=FILE is missing");
  int file = open(out, O_RDWR | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || ftruncate(file, sizeof *counters) != 0) return fail("the file cannot be written");
  counters = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (counters == MAP_FAILED) return fail("the file cannot be mapped");
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  return 0;
}
