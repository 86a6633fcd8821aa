/**
 * Clocks of an ESP32 for tests: the crystal, the PLL behind the analog bus, the processor, the bus of peripherals (ESP32 Technical Reference Manual, 3.2; ESP-IDF, rtc_clk.c and
 * clk_ll_bbpll_set_config). A PLL that has not settled, a voltage that is too low, and a speed that this PLL does not give are errors.
 */
const CRYSTAL = 40e6;
const MEGA = 1e6;
/** What a PLL of 480 MHz gives to all when nobody has chosen among its clocks. */
const AFTER_RESET = 120e6;
const SECOND = 1e9;
const [OPTIONS, CLOCKS, REGULATOR] = [0x3ff4_8000, 0x3ff4_8070, 0x3ff4_807c] as const;
const PERIOD = 0x3ff0_003c;
const PLL_TICK = 0x3ff6_6008;
/** The first of the hosts on the analog bus that is the PLL's. */
const HOST = 0x6000_e010;
const BLOCK = 0x66;
/** It has no power, or its bus has none. */
const OFF = (1 << 6) | (1 << 8) | (1 << 10);
/** What it takes to settle: 80 µs, with a slow clock of 150 kHz. */
const SETTLES = 80e3;
/** By registers 11, 9 and 3. */
const plls: Readonly<Record<string, number>> = { "67,132,32": 320, "195,116,28": 480 };
/** Registers that are the same for both. */
const fixed = [
  [0, 0x18],
  [1, 0x20],
  [4, 0x9a],
  [10, 0],
  [12, 0],
  [2, 0],
  [5, 0xc6],
] as const;
/** By which of the PLL's clocks it is. */
const speeds: readonly (readonly [pll: number, hertz: number])[] = [
  [320, 80 * MEGA],
  [320, 160 * MEGA],
  [480, 240 * MEGA],
];

export class TestClocks {
  readonly address = HOST;
  /** Hertz of the processor. */
  hertz = CRYSTAL;
  /** What the eFuses say that may be less than 1.25 V, in steps. */
  lessVoltage = 0;
  readonly #registers: Map<number, number>;
  readonly #now: () => number;
  readonly #pll = new Map<number, number>();
  #since = 0;

  /** `now` is in nanoseconds. */
  constructor(registers: Map<number, number>, now: () => number) {
    this.#registers = registers;
    this.#now = now;
  }

  /** All but the low-power part begins anew: the PLL goes on, and the first of its clocks is taken, a fourth of what it makes. */
  reset(): void {
    const pll = this.#isFromPll ? this.#makes : undefined;
    this.hertz = pll === undefined ? CRYSTAL : (pll * MEGA) / 4;
  }

  /** Hertz of the bus of peripherals. */
  get apb(): number {
    return this.hertz === AFTER_RESET ? AFTER_RESET : Math.min(this.hertz, 80 * MEGA);
  }

  /** Of the UART, with this divider. */
  baud(divider: number): number {
    return (this.apb * 16) / ((divider & 0xf_ffff) * 16 + ((divider >>> 20) & 15));
  }

  /** To the analog bus. */
  store(value: number): void {
    if ((value & 255) !== BLOCK) throw new Error("host 4 has only the PLL");
    if (this.#at(OPTIONS) & OFF) throw new Error("the PLL has no power");
    if (this.#isFromPll) throw new Error("the PLL is changed while the processor has its clock from there");
    if (value & (1 << 24)) this.#pll.set((value >> 8) & 255, (value >> 16) & 255);
    this.#since = this.#now();
  }

  /** A register of the digital part was written. */
  written(address: number): void {
    if (address !== CLOCKS && address !== PERIOD) return;
    this.hertz = this.#isFromPll ? this.#speed() : CRYSTAL;
  }

  get #isFromPll(): boolean {
    return ((this.#at(CLOCKS) >>> 27) & 3) === 1;
  }

  /** Megahertz; undefined if its registers make none of both. */
  get #makes(): number | undefined {
    return plls[[11, 9, 3].map((register) => this.#pll.get(register)).join()];
  }

  #at(address: number): number {
    return this.#registers.get(address) ?? 0;
  }

  #speed(): number {
    const [wanted, hertz] = speeds[this.#at(PERIOD) & 3] ?? [0, 0];
    const made = this.#makes;
    const lacks = fixed.filter(([register, value]) => this.#pll.get(register) !== value);
    if (lacks.length > 0) throw new Error(`registers of the PLL: ${lacks.map(([register]) => register)}`);
    if (made !== wanted) throw new Error(`${hertz} Hz from a PLL of ${made} MHz`);
    if (this.#now() - this.#since < SETTLES) throw new Error("the PLL has not settled");
    const volts = (this.#at(REGULATOR) >> 11) & 7;
    const needs = hertz === 240 * MEGA ? 7 - this.lessVoltage : 4;
    if (volts !== needs) throw new Error(`a voltage of ${volts} at ${hertz} Hz, and not ${needs}`);
    if (this.#at(PLL_TICK) !== 79) throw new Error("a microsecond of the PLL is not one");
    return hertz;
  }
}

/** Time that cycles take, of a clock that changes. */
export class Elapsed {
  #cycles = 0;
  #nanoseconds = 0;
  #hertz = CRYSTAL;

  /** From this cycle on it has this speed. */
  change(cycles: number, hertz: number): void {
    if (hertz === this.#hertz) return;
    this.#nanoseconds = this.at(cycles);
    this.#cycles = cycles;
    this.#hertz = hertz;
  }

  /** Nanoseconds. */
  at(cycles: number): number {
    return this.#nanoseconds + Math.floor(((cycles - this.#cycles) * SECOND) / this.#hertz);
  }

  /** The first cycle at this time or later. */
  cyclesAt(time: number): number {
    return this.#cycles + Math.ceil(((time - this.#nanoseconds) * this.#hertz) / SECOND);
  }
}
