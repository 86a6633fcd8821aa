/* A kernel from wasm2c on an Xtensa core under qemu-xtensa, with no C library around it: what wasm2c's code calls, and a program that runs it. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "kernel.h"

/* Linux's calls, call0 ABI: number in a2, arguments in a6, a3, a4. */
enum { WRITE = 13, EXIT = 118 };

static long call(long number, long first, const void *second, long third) {
  register long a2 __asm__("a2") = number;
  register long a6 __asm__("a6") = first;
  register const void *a3 __asm__("a3") = second;
  register long a4 __asm__("a4") = third;
  __asm__ volatile("syscall" : "+r"(a2) : "r"(a6), "r"(a3), "r"(a4) : "memory");
  return a2;
}

void wasm_rt_trap(wasm_rt_trap_t code) {
  call(EXIT, 100 + code, 0, 0);
  __builtin_unreachable();
}

void wasm_rt_init(void) {}
bool wasm_rt_is_initialized(void) { return true; }
void __assert_func(const char *file, int line, const char *function, const char *what) { wasm_rt_trap(0); }
void __assert_no_args(void) { wasm_rt_trap(0); }

uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) {
  static uint32_t types;
  return ++types;
}

static uint8_t pages[MEMORY_PAGES << 16] __attribute__((aligned(16)));

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial, uint32_t max) {
  memory->data = pages;
  memory->pages = initial;
  memory->max_pages = max;
  memory->size = initial << 16;
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t more) { return -1; }
void wasm_rt_free_memory(wasm_rt_memory_t *memory) {}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max) {
  static wasm_rt_funcref_t entries[TABLE_ENTRIES + 1];
  table->data = entries;
  table->size = elements;
  table->max_size = max;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table) {}

static const unsigned char input[] = {
#ifdef INPUT
#include "input.h"
#else
    0
#endif
};

/* Its one argument is a digit: how often the kernel runs. */
__attribute__((noreturn, used)) static void start(const long *stack) {
  static Z_kernel_instance_t k;
  wasm_rt_init();
  Z_kernel_init_module();
#ifdef MATH
  Z_kernel_instantiate(&k, NULL);
#else
  Z_kernel_instantiate(&k);
#endif
  wasm_rt_memory_t *memory = Z_kernelZ_memory(&k);
#ifdef INPUT
  memcpy(memory->data + Z_kernelZ_inputAddress(&k), input, sizeof input);
#endif
  const char *word = (const char *)stack[2];
  for (int n = word[0] - '0'; n > 0; n--) Z_kernelZ_run(&k, RUN);
#ifdef FINISH
  Z_kernelZ_finish(&k);
#endif
  call(WRITE, 1, memory->data + Z_kernelZ_outputAddress(&k), OUTPUT);
  call(EXIT, 0, 0, 0);
  __builtin_unreachable();
}

__asm__(".global _start\n"
        ".literal_position\n"
        "_start: mov a2, sp\n"
        "addi sp, sp, -64\n"
        "srli sp, sp, 4\n"
        "slli sp, sp, 4\n"
        "call0 start\n");
