/** Registers of pins: ESP32 Technical Reference Manual, chapter "IO_MUX and GPIO Matrix"; ESP-IDF's soc/esp32/register: gpio_reg.h, io_mux_reg.h, rtc_io_reg.h. */

export const MOST_PINS: u32 = 40;

export namespace Gpio {
  /** Pins 0 to 31 and 32 to 39 have registers of their own each. */
  export const set: StaticArray<u64> = [0x3ff4_4008, 0x3ff4_4014];
  export const clear: StaticArray<u64> = [0x3ff4_400c, 0x3ff4_4018];
  export const enable: StaticArray<u64> = [0x3ff4_4024, 0x3ff4_4030];
  export const disable: StaticArray<u64> = [0x3ff4_4028, 0x3ff4_4034];
  export const input: StaticArray<u64> = [0x3ff4_403c, 0x3ff4_4040];
  /** Edges that were seen; a one clears. */
  export const seen: StaticArray<u64> = [0x3ff4_404c, 0x3ff4_4058];
  /** One of each pin: how it drives, and which edges it sees. */
  export const pin: u64 = 0x3ff4_4088;
  /** One of each pin: which signal of the matrix it shows; 256 is its bit of the output register. */
  export const signal: u64 = 0x3ff4_4530;
  export const own: u32 = 256;

  export const openDrain: u32 = 1 << 2;
  export const anyEdge: u32 = 3 << 7;
  /** Seen edges interrupt the first processor. */
  export const interrupts: u32 = 1 << 15;
}

export namespace Mux {
  export const base: u64 = 0x3ff4_9000;
  /** Offset of each pin's register; 0: there is no such pin. */
  export const offsets: StaticArray<u8> = [
    0x44, 0x88, 0x40, 0x84, 0x48, 0x6c, 0x60, 0x64, 0x68, 0x54, 0x58, 0x5c, 0x34, 0x38, 0x30, 0x3c, 0x4c,
    0x50, 0x70, 0x74, 0x78, 0x7c, 0x80, 0x8c, 0, 0x24, 0x28, 0x2c, 0, 0, 0, 0, 0x1c, 0x20, 0x14, 0x18, 0x04,
    0x08, 0x0c, 0x10,
  ];
  export const pullDown: u32 = 1 << 7;
  export const pullUp: u32 = 1 << 8;
  export const input: u32 = 1 << 9;
  /** 20 mA. */
  export const strength: u32 = 2 << 10;
  /** The pin belongs to the matrix. */
  export const matrix: u32 = 2 << 12;
}

/** Pins that the low-power part of the chip can have too: their resistors are switched there alone. */
export namespace Rtc {
  export const base: u64 = 0x3ff4_8400;
  /** Of each pin; 0: it is none of them, or has no resistors. */
  export const offsets: StaticArray<u8> = [
    0x98, 0, 0x9c, 0, 0x94, 0, 0, 0, 0, 0, 0, 0, 0xa8, 0xa4, 0xac, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x84,
    0x88, 0xb0, 0, 0, 0, 0, 0x8c, 0x8c, 0, 0, 0, 0, 0, 0,
  ];
  /** Bit that pulls up; the next one pulls down. */
  export const up: u32 = 27;
  /** That of pin 32, which shares a register with pin 33. */
  export const up32: u32 = 22;
}

/** Where the interrupt matrix leads interrupts of pins to (source 22): an interrupt of the processor of level 1. */
export const INTERRUPT_MAP: u64 = 0x3ff0_0104 + 4 * 22;
export const INTERRUPT: u32 = 2;
