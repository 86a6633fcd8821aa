/**
 * Watchdogs of an ESP32 for tests: of the low-power part and of both timer groups (ESP32 Technical Reference Manual, 18.4 and 31; ESP-IDF's soc/esp32/register: rtc_cntl_reg.h,
 * timer_group_reg.h). A register that is locked ignores what is written; here that is an error.
 */
import { type Simulation, Watchdog } from "#simulate";

interface Kind {
  readonly name: string;
  readonly config: number;
  /** Of the bus, in the upper half; a watchdog without one has its own clock. */
  readonly prescaler?: number;
  /** How long the first of four stages lasts, in ticks, and what that is after a reset. */
  readonly limit: number;
  readonly usual: number;
  readonly feed: number;
  readonly lock: number;
  /** In `config`: what the first stage does. */
  readonly stage: readonly [shift: number, mask: number];
  /** In `config`: it is on because the ROM starts from flash memory. */
  readonly flash: number;
  /** Causes of a reset, by what the stage does. */
  readonly causes: Readonly<Record<number, number>>;
}

const timerGroup = (base: number, name: string, cause: number): Kind => ({
  name,
  config: base + 0x48,
  prescaler: base + 0x4c,
  limit: base + 0x50,
  usual: 26_000_000,
  feed: base + 0x60,
  lock: base + 0x64,
  stage: [29, 3],
  flash: 1 << 14,
  causes: { 2: 11, 3: cause },
});
const kinds: readonly Kind[] = [
  {
    name: "the low-power part",
    config: 0x3ff4_808c,
    limit: 0x3ff4_8090,
    usual: 128_000,
    feed: 0x3ff4_80a0,
    lock: 0x3ff4_80a4,
    stage: [28, 7],
    flash: 1 << 10,
    causes: { 2: 13, 3: 9, 4: 16 },
  },
  timerGroup(0x3ff5_f000, "timer group 0", 7),
  timerGroup(0x3ff6_0000, "timer group 1", 8),
];
const KEY = 0x50d8_3aa1;
const ON = 1 << 31;
const SECOND = 1e9;
/** Hertz, about. */
const SLOW_CLOCK = 150_000;
const INTERRUPTS = 1;
/** Which of them the ROM has started when it starts what is in flash memory. */
const STARTED = [0, 1];

export class TestWatchdogs {
  /** Those that are on. */
  readonly armed = new Set<string>();
  /** How often each was fed. */
  readonly fed = new Map<string, number>();
  readonly #registers: Map<number, number>;
  readonly #apb: () => number;
  readonly #dogs: readonly Watchdog[];

  /** `bites` is called with the cause of the reset. */
  constructor(
    simulation: Simulation,
    registers: Map<number, number>,
    { apb, bites }: { readonly apb: () => number; readonly bites: (cause: number) => void },
  ) {
    this.#registers = registers;
    this.#apb = apb;
    this.#dogs = kinds.map((kind) => new Watchdog(simulation, () => bites(this.#cause(kind))));
    this.reset();
  }

  /** As the ROM leaves them. */
  reset(): void {
    for (const [n, kind] of kinds.entries()) {
      const flash = STARTED.includes(n) ? kind.flash : 0;
      const [shift] = kind.stage;
      // What a stage does then stands nowhere: it resets the chip.
      const action = Math.max(...Object.keys(kind.causes).map(Number));
      this.#registers.set(kind.config, (flash | (flash === 0 ? 0 : action << shift)) >>> 0);
      if (kind.prescaler !== undefined) this.#registers.set(kind.prescaler, 1 << 16);
      this.#registers.set(kind.limit, kind.usual).set(kind.lock, KEY);
      this.#count(n);
    }
  }

  has(address: number): boolean {
    return kinds.some(({ config, lock }) => address >= config && address <= lock);
  }

  store(address: number, value: number): void {
    const n = kinds.findIndex(({ config, lock }) => address >= config && address <= lock);
    const kind = kinds[n]!;
    if (address !== kind.lock && this.#registers.get(kind.lock) !== KEY)
      throw new Error(`the watchdog of ${kind.name} is locked`);
    this.#registers.set(address, value >>> 0);
    if (address === kind.feed) this.fed.set(kind.name, (this.fed.get(kind.name) ?? 0) + 1);
    if (address === kind.lock) return;
    if (address === kind.feed || address === kind.config) this.#count(n);
    // A running one takes these over when it is fed.
    else if (this.#isOn(kind)) throw new Error(`the watchdog of ${kind.name} is set while it runs`);
  }

  #isOn(kind: Kind): boolean {
    return ((this.#registers.get(kind.config) ?? 0) & (ON | kind.flash)) !== 0;
  }

  #cause({ config, stage: [shift, mask], causes }: Kind): number {
    return causes[((this.#registers.get(config) ?? 0) >>> shift) & mask] ?? 0;
  }

  /** From now on. */
  #count(n: number): void {
    const kind = kinds[n]!;
    const at = (address: number) => this.#registers.get(address) ?? 0;
    const action = (at(kind.config) >>> kind.stage[0]) & kind.stage[1];
    if (!this.#isOn(kind) || action === 0) {
      this.#dogs[n]!.rest();
      this.armed.delete(kind.name);
      return;
    }
    if (action === INTERRUPTS) throw new Error("a watchdog that interrupts");
    const hertz = kind.prescaler === undefined ? SLOW_CLOCK : this.#apb() / (at(kind.prescaler) >>> 16);
    this.armed.add(kind.name);
    this.#dogs[n]!.feed(Math.ceil((at(kind.limit) * SECOND) / hertz));
  }
}
