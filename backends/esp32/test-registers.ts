/** Registers of an ESP32 for tests that do nothing but keep what was written; of pins, those that set and clear bits of others (ESP32 Technical Reference Manual, 4.12). */

const [FIRST, ENABLE, END] = [0x3ff4_4004, 0x3ff4_4020, 0x3ff4_4038] as const;
const HOST = 0x6000_e00c;
const SECOND_PLL = 0x6d;

/** IO_MUX: the offset of each pin's pad (ESP-IDF, soc/io_mux_reg.h). */
export const mux = {
  base: 0x3ff4_9000,
  pads: {
    0: 0x44,
    1: 0x88,
    2: 0x40,
    3: 0x84,
    4: 0x48,
    5: 0x6c,
    6: 0x60,
    7: 0x64,
    8: 0x68,
    9: 0x54,
    10: 0x58,
    11: 0x5c,
    12: 0x34,
    13: 0x38,
    14: 0x30,
    15: 0x3c,
    16: 0x4c,
    17: 0x50,
    18: 0x70,
    19: 0x74,
    21: 0x7c,
    22: 0x80,
    23: 0x8c,
    25: 0x24,
    26: 0x28,
    27: 0x2c,
    32: 0x1c,
    33: 0x20,
    34: 0x14,
    35: 0x18,
    36: 0x04,
    37: 0x08,
    38: 0x0c,
    39: 0x10,
  } as Readonly<Record<number, number>>,
} as const;

/** Three registers for each group of pins: levels, or which are outputs; and those that set and clear some of them. */
export function writePins(registers: Map<number, number>, address: number, value: number): boolean {
  if (address < FIRST || address >= END) return false;
  const first = address < 0x3ff4_401c ? FIRST : ENABLE;
  const which = (address - first) % 12;
  const before = registers.get(address - which) ?? 0;
  registers.set(
    address - which,
    (which === 0 ? value : which === 4 ? before | value : before & ~value) >>> 0,
  );
  return true;
}

/** The bus to analog parts, as far as the second PLL is behind it: host 3. */
export class AnalogBus {
  readonly address = HOST;
  /** What was written to the PLL. */
  readonly written: (readonly [register: number, value: number])[] = [];
  #word = 0;

  store(value: number): void {
    if ((value & 255) !== SECOND_PLL) throw new Error("host 3 has only the second PLL");
    this.#word = value;
    if (value & (1 << 24)) this.written.push([(value >> 8) & 255, (value >> 16) & 255]);
  }

  /** The last answer. Register 3 says that it is calibrated once register 0 has begun that. */
  load(): number {
    const register = (this.#word >> 8) & 255;
    const value = this.written.findLast(([at]) => at === register)?.[1] ?? 0;
    const isCalibrated = register === 3 && this.written.at(-1)?.[0] === 0;
    return (this.#word & 0xffff) | ((isCalibrated ? 0x80 : value) << 16);
  }
}

/** The second PLL has power, was calibrated, and makes 50 MHz: ESP-IDF, `rtc_clk_apll_coeff_set`. */
export function runsAt50MHz(
  register: (address: number) => number,
  apll: readonly (readonly [register: number, value: number])[],
): boolean {
  if (register(0x3ff4_8000) & (1 << 18)) return false;
  if (((register(0x3ff4_8030) >> 23) & 3) !== 2) return false;
  const written = (which: number) => apll.filter(([at]) => at === which).map(([, value]) => value);
  const last = (which: number) => written(which).at(-1) ?? 0;
  const isCalibrated = written(0).slice(-3).join() === "15,63,31" && written(5).slice(-2).join() === "9,73";
  const hertz = (40e6 * (4 + (last(7) & 63) + last(8) / 256 + last(9) / 65536)) / (2 * ((last(4) & 31) + 2));
  return isCalibrated && hertz === 50e6;
}
