/**
 * Espressif's ESP32-C3: where things are. Registers as in the ESP32-C3 Technical Reference Manual, chapters of the same names, and ESP-IDF's soc/esp32c3/register.
 */

/** RAM, as instructions and as data: the same cells, byte for byte. What the ROM keeps for itself is free once the loader runs. As instructions it is read in words only. */
export const ram = { code: 0x4038_0000, data: 0x3fc8_0000, size: 0x6_0000 } as const;

/** Flash memory through its cache, as instructions and as data: the same pages in the same places. */
export const windows = { code: 0x4200_0000, data: 0x3c00_0000, size: 0x80_0000 } as const;

/** Where the loader lets the first page of flash memory be seen. */
export const firstPage = windows.data + windows.size - 0x1_0000;

/**
 * The cache, and its table with one word for each 64 KiB of both windows. Registers and bits: ESP-IDF, extmem_reg.h; the order in which they are written is that of the
 * ROM's `Cache_Suspend_ICache`, `Cache_Invalidate_ICache_All` and `Cache_Resume_ICache`.
 */
export const cache = {
  control: 0x600c_4000,
  enabled: 1 << 0,
  buses: 0x600c_4004,
  shut: 3,
  sync: 0x600c_4028,
  syncAddress: 0x600c_402c,
  syncSize: 0x600c_4030,
  invalidate: 1 << 0,
  /** Bit numbers. */
  synced: 1,
  preload: 0x600c_4034,
  preloaded: 1,
  autoload: 0x600c_4040,
  autoloads: 1 << 2,
  autoloaded: 3,
  table: 0x600c_5000,
  entries: 128,
  unmapped: 0x100,
} as const;

export const uart = { base: 0x6000_0000, status: 0x1c, sent: 16, room: 126 } as const;

/** The system timer: a counter of 52 bits at 16 MHz, and the first of its alarms. */
export const timer = {
  base: 0x6002_3000,
  control: 0x00,
  read: 0x04,
  targetHigh: 0x1c,
  targetLow: 0x20,
  targetMode: 0x34,
  high: 0x40,
  low: 0x44,
  take: 0x50,
  enabled: 0x64,
  clear: 0x6c,
  /** In `control`: the first counter counts, the first alarm works; the registers have a clock. */
  running: (1 << 30) | (1 << 24) | 0x8000_0000,
  ask: 30,
  valid: 29,
  hertz: 16_000_000,
} as const;

/** Sources are led to interrupts of the processor by a word each. */
export const interrupts = {
  base: 0x600c_2000,
  enable: 0x104,
  priority: 0x114,
  threshold: 0x194,
  ethernet: { source: 0, line: 5 },
  timer: { source: 37, line: 6 },
} as const;

/** OpenCores' MAC as Espressif's QEMU has it; the chip has nothing there. */
export const network = 0x600c_d000;
/** The chip's address for networks in the eFuses: four bytes, then the first two. */
export const hardwareAddress = 0x6000_8844;

/** Each is written its key, then its new setting, then is locked again. The second feeds itself from then on. */
export const watchdogs = [
  { lock: 0x6000_80a8, key: 0x50d8_3aa1, config: 0x6000_8090, value: 0 },
  { lock: 0x6000_80b0, key: 0x8f1d_312a, config: 0x6000_80ac, value: 0x8000_0000 },
  { lock: 0x6001_f064, key: 0x50d8_3aa1, config: 0x6001_f048, value: 0 },
] as const;

/**
 * RTC_CNTL_BROWN_OUT, with the fields that an ESP32 has, too: below the voltage that the analog part has after a reset the chip is reset, after the flash chip and the radio have
 * been switched off. Nothing is written with half a voltage.
 */
export const brownOut = {
  register: 0x6000_80d8,
  value: (1 << 30) | (1 << 26) | (0x3ff << 16) | (1 << 15) | (1 << 14),
} as const;

/** RTC_CNTL_RESET_STATE: the cause of the last reset. */
export const resetState = 0x6000_8038;

/** Resets the whole chip (RTC_CNTL_OPTIONS0). */
export const restart = { address: 0x6000_8000, bit: 31 } as const;
