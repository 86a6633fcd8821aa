/** Registers of an ESP32 for tests that do nothing but keep what was written; of pins, those that set and clear bits of others (ESP32 Technical Reference Manual, 4.12). */

const [FIRST, ENABLE, END] = [0x3ff4_4004, 0x3ff4_4020, 0x3ff4_4038] as const;
const HOST = 0x6000_e00c;
const SECOND_PLL = 0x6d;

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
