/**
 * Pins of an ESP32 for tests: the GPIO matrix, IO_MUX, and the resistors that RTC_IO has (ESP32 Technical Reference Manual, 4; ESP-IDF's soc/esp32/register: gpio_reg.h, io_mux_reg.h,
 * rtc_io_reg.h). The lines are those of a scripted board. What silicon would ignore, or do otherwise than the program means, is an error here.
 */
import { Board, type Level, type Simulation } from "#simulate";
import { mux, writePins } from "./test-registers.ts";

const GPIO = 0x3ff4_4000;
const RTC_IO = 0x3ff4_8400;
/** Registers of GPIO. Of those in pairs the second is for pins from 32 on. */
const OUT = [0x04, 0x10] as const;
const ENABLE = [0x20, 0x2c] as const;
const INPUT = [0x3c, 0x40] as const;
const STATUS = [0x44, 0x50] as const;
const [SET, CLEAR] = [4, 8] as const;
const PIN = 0x88;
const INPUT_SIGNAL = 0x130;
const OUTPUT_SIGNAL = 0x530;
const COUNT = 40;
const OWN = 256;
const INVERTED = 1 << 9;
const OPEN_DRAIN = 1 << 2;
/** Of a pin's register: open drain, which edges, waking, and whom it interrupts. */
const KNOWN = OPEN_DRAIN | (15 << 7) | (3 << 11) | (31 << 13);
const FIRST_PROCESSOR = 1 << 15;
/** Values of INT_TYPE. */
const [RISING, FALLING, ANY, LOW, HIGH] = [1, 2, 3, 4, 5] as const;
const [PULL_DOWN, PULL_UP, READS] = [1 << 7, 1 << 8, 1 << 9] as const;
const TO_RTC = 1 << 19;

/** Pins whose resistors the low-power part has: the register in RTC_IO, and the bit that pulls up; the one above it pulls down. */
const resistors: Readonly<Record<number, readonly [register: number, up: number]>> = {
  0: [0x98, 27],
  2: [0x9c, 27],
  4: [0x94, 27],
  12: [0xa8, 27],
  13: [0xa4, 27],
  14: [0xac, 27],
  15: [0xa0, 27],
  25: [0x84, 27],
  26: [0x88, 27],
  27: [0xb0, 27],
  32: [0x8c, 22],
  33: [0x8c, 27],
};
/** After power-on (ESP32 Series Datasheet, table of IO_MUX): 1 up, 2 down. */
const powerOn = { 0: 1, 2: 2, 4: 2, 5: 1, 12: 2, 15: 1 } as const;
const isInputOnly = (pin: number): boolean => pin >= 34;
const isFlash = (pin: number): boolean => pin >= 6 && pin <= 11;
const exists = (pin: number): boolean => mux.pads[pin] !== undefined;

/** What the program does on a pin: drives it, or undefined: lets go. */
export interface Driven {
  readonly pin: number;
  readonly level: Level | undefined;
  /** Nanoseconds. */
  readonly at: number;
}

export class TestPins {
  readonly board: Board;
  readonly history: Driven[] = [];
  readonly #simulation: Simulation;
  readonly #registers: Map<number, number>;
  /** What gets inside of the chip. */
  readonly #inside = new Array<boolean>(COUNT).fill(false);

  constructor(simulation: Simulation, registers: Map<number, number>) {
    this.#simulation = simulation;
    this.#registers = registers;
    this.board = new Board(simulation, { name: "chip", wake: () => undefined });
    for (let pin = 0; pin < COUNT; pin++) this.board.attach(pin, { changed: () => this.#look(pin) });
    for (const [pin, pull] of Object.entries(powerOn)) {
      const [register, up] = resistors[Number(pin)] ?? [];
      if (register === undefined) continue;
      this.#put(RTC_IO + register, this.#at(RTC_IO + register) | (pull << up!));
    }
    this.reset();
  }

  /** All but the low-power part begins anew: pins float, but for the resistors that the chip switches on by itself. */
  reset(): void {
    for (const address of this.#registers.keys())
      if ((address >= GPIO && address < GPIO + 0x1000) || (address >= mux.base && address < mux.base + 0x100))
        this.#registers.delete(address);
    this.#put(mux.base + mux.pads[5]!, PULL_UP);
    this.#settle();
  }

  /** What the ROM does because of levels at reset; undefined: it starts what is in flash memory. */
  get strapped(): string | undefined {
    const isHigh = (pin: number) => this.board.level(pin) === "high";
    if (isHigh(12)) return "flash read err, 1000: GPIO12 is high";
    if (!isHigh(0)) return isHigh(2) ? "boot mode invalid" : "waiting for download: GPIO0 is low";
    return undefined;
  }

  /** It asks the interrupt matrix for the first processor. */
  get interrupts(): boolean {
    for (let pin = 0; pin < COUNT; pin++)
      if (this.#bit(STATUS, pin) && this.#at(GPIO + PIN + 4 * pin) & FIRST_PROCESSOR) return true;
    return false;
  }

  /** An edge of it was seen and nobody has said so since. */
  wasSeen(pin: number): boolean {
    return this.#bit(STATUS, pin);
  }

  // ---- registers

  #at(address: number): number {
    return this.#registers.get(address) ?? 0;
  }
  #put(address: number, value: number): void {
    this.#registers.set(address, value >>> 0);
  }
  #bit(pair: readonly [number, number], pin: number): boolean {
    return ((this.#at(GPIO + pair[pin >> 5]!) >>> (pin & 31)) & 1) === 1;
  }

  has(address: number): boolean {
    return (
      (address >= GPIO && address < GPIO + 0x1000) ||
      (address >= mux.base && address < mux.base + 0x100) ||
      (address >= RTC_IO && address < RTC_IO + 0x100)
    );
  }

  load(address: number): number {
    const bank = INPUT.findIndex((at) => at === address - GPIO);
    if (bank < 0) return this.#at(address);
    let value = 0;
    for (let pin = 32 * bank; pin < Math.min(COUNT, 32 * bank + 32); pin++)
      if (this.#inside[pin]) value |= 1 << (pin & 31);
    return value >>> 0;
  }

  store(address: number, value: number): void {
    if (address >= RTC_IO && address < RTC_IO + 0x100) this.#storeResistors(address, value);
    else if (address >= mux.base) this.#storePad(address, value);
    else this.#storeGpio(address - GPIO, value);
    this.#settle();
  }

  #storeResistors(address: number, value: number): void {
    for (const [pin, [register, up]] of Object.entries(resistors))
      if (RTC_IO + register === address && ((value >>> up) & 3) === 3)
        throw new Error(`GPIO${pin} is pulled up and down`);
    this.#put(address, value);
  }

  #storePad(address: number, value: number): void {
    const pin = Object.keys(mux.pads)
      .map(Number)
      .find((each) => mux.base + mux.pads[each]! === address);
    if (pin === undefined && address !== mux.base) throw new Error(`no pin is at ${address.toString(16)}`);
    if (pin !== undefined) {
      if (isFlash(pin)) throw new Error(`GPIO${pin} is wired to the flash chip`);
      const pulls = value & (PULL_UP | PULL_DOWN);
      if (pulls !== 0 && isInputOnly(pin)) throw new Error(`GPIO${pin} has no resistors`);
      if (pulls !== 0 && resistors[pin]) throw new Error(`the resistors of GPIO${pin} are in RTC_IO`);
      if (pulls === (PULL_UP | PULL_DOWN)) throw new Error(`GPIO${pin} is pulled up and down`);
    }
    this.#put(address, value);
  }

  #storeGpio(at: number, value: number): void {
    const status = STATUS.find((first) => at >= first && at <= first + CLEAR);
    if (status !== undefined) {
      const before = this.#at(GPIO + status);
      const which = at - status;
      this.#put(GPIO + status, which === SET ? before | value : which === CLEAR ? before & ~value : value);
      return;
    }
    if (writePins(this.#registers, GPIO + at, value)) return this.#checkEnabled();
    const isPin = at >= PIN && at < PIN + 4 * COUNT;
    const isSignal = at >= INPUT_SIGNAL && at < OUTPUT_SIGNAL + 4 * COUNT;
    if (!isPin && !isSignal) throw new Error(`nobody writes to ${(GPIO + at).toString(16)}`);
    if (isPin && (value & ~KNOWN) !== 0)
      throw new Error(`no bits of GPIO${(at - PIN) >> 2}: ${value.toString(16)}`);
    this.#put(GPIO + at, value);
  }

  #checkEnabled(): void {
    for (let pin = 0; pin < COUNT; pin++) {
      if (!this.#bit(ENABLE, pin)) continue;
      if (!exists(pin)) throw new Error(`there is no GPIO${pin}`);
      if (isInputOnly(pin)) throw new Error(`GPIO${pin} is an input only`);
      if (isFlash(pin)) throw new Error(`GPIO${pin} is wired to the flash chip`);
    }
  }

  // ---- lines

  #settle(): void {
    for (let pin = 0; pin < COUNT; pin++) {
      if (!exists(pin) || isFlash(pin)) continue;
      const level = this.#drives(pin);
      if (level !== this.board.driven(pin)) {
        this.history.push({ pin, level, at: this.#simulation.now });
        this.board.drive(pin, level);
      }
      this.board.pull(pin, this.#pulled(pin));
      this.#look(pin);
    }
  }

  /** The pin belongs to the matrix, and not to the low-power part. */
  #isOurs(pin: number): boolean {
    const [register] = resistors[pin] ?? [];
    const toRtc = pin === 32 ? 1 << 17 : pin === 33 ? 1 << 18 : TO_RTC;
    if (register !== undefined && this.#at(RTC_IO + register) & toRtc) return false;
    return ((this.#at(mux.base + mux.pads[pin]!) >> 12) & 7) === 2;
  }

  #drives(pin: number): Level | undefined {
    const signal = this.#at(GPIO + OUTPUT_SIGNAL + 4 * pin);
    if (!this.#isOurs(pin) || !this.#bit(ENABLE, pin) || (signal & 0x1ff) !== OWN) return undefined;
    const isHigh = this.#bit(OUT, pin) !== ((signal & INVERTED) !== 0);
    if (isHigh && this.#at(GPIO + PIN + 4 * pin) & OPEN_DRAIN) return undefined;
    return isHigh ? "high" : "low";
  }

  #pulled(pin: number): Level | undefined {
    const [register, up] = resistors[pin] ?? [];
    const pad = this.#at(mux.base + mux.pads[pin]!);
    const which =
      register === undefined ? [0, 2, 1][(pad >> 7) & 3]! : (this.#at(RTC_IO + register) >>> up!) & 3;
    return ([undefined, "high", "low"] as const)[which];
  }

  /** The level that gets inside, if the pad lets it, and what of it interrupts. */
  #look(pin: number): void {
    if (!exists(pin)) return;
    const pad = this.#at(mux.base + mux.pads[pin]!);
    const before = this.#inside[pin]!;
    const now = (pad & READS) !== 0 && this.board.level(pin) === "high";
    this.#inside[pin] = now;
    const kind = (this.#at(GPIO + PIN + 4 * pin) >> 7) & 7;
    const rose = now && !before;
    const fell = !now && before;
    const isSeen =
      (rose && (kind === RISING || kind === ANY)) ||
      (fell && (kind === FALLING || kind === ANY)) ||
      (kind === LOW && !now) ||
      (kind === HIGH && now);
    const status = GPIO + STATUS[pin >> 5]!;
    if (isSeen) this.#put(status, this.#at(status) | (1 << (pin & 31)));
  }
}
