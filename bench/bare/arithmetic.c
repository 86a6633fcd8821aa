/* What Debian's libgcc for LX106 leaves to that chip's ROM, with the instructions of LX6 (and of QEMU's de212), which this gcc does not know. */
#include <stdint.h>

/* a2 = a2 op a3, as bytes: its assembler does not know them either. */
#define DIVISION(name, type, last)                                     \
  type name(type a, type b) {                                          \
    register type a2 __asm__("a2") = a;                                \
    register type a3 __asm__("a3") = b;                                \
    __asm__(".byte 0x30, 0x22, " last : "+r"(a2) : "r"(a3));           \
    return a2;                                                         \
  }
DIVISION(__udivsi3, uint32_t, "0xc2")
DIVISION(__divsi3, int32_t, "0xd2")
DIVISION(__umodsi3, uint32_t, "0xe2")
DIVISION(__modsi3, int32_t, "0xf2")

static inline uint64_t wide(uint32_t a, uint32_t b) {
  uint32_t low = (a & 0xffff) * (b & 0xffff), middle = (a >> 16) * (b & 0xffff), other = (a & 0xffff) * (b >> 16);
  uint32_t sum = middle + (low >> 16), all = sum + other;
  uint32_t high = (a >> 16) * (b >> 16) + (all >> 16) + (all < sum ? 0x10000 : 0);
  return (uint64_t)high << 32 | (all << 16 | (low & 0xffff));
}

uint64_t __umulsidi3(uint32_t a, uint32_t b) { return wide(a, b); }

uint64_t __muldi3(uint64_t a, uint64_t b) {
  uint64_t low = wide(a, b);
  uint32_t high = (uint32_t)a * (uint32_t)(b >> 32) + (uint32_t)(a >> 32) * (uint32_t)b;
  return low + ((uint64_t)high << 32);
}
