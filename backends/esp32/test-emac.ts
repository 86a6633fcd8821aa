/**
 * The chip's own Ethernet MAC for tests, with a PHY and wires as a board has them. Where silicon would do nothing, lose frames or write somewhere, this one throws: registers without a clock, a
 * start in another order, descriptors and buffers where the DMA does not reach or that the processor touches while it has them, pins that lead elsewhere.
 */
import { type kinds, TestPhy } from "./test-phy.ts";
import { mux, runsAt50MHz } from "./test-registers.ts";

export interface Wiring {
  readonly phy: keyof typeof kinds;
  readonly address: number;
  /** The pin of the reference clock, and whether the chip makes it. */
  readonly clock: { readonly pin: 0 | 16 | 17; readonly out: boolean };
  readonly power?: number;
  readonly reset?: number;
}

/** What lies around the MAC. */
export interface Around {
  register(address: number): number;
  load(address: number, bytes: number): number;
  store(address: number, value: number): void;
  now(): number;
  /** Registers of the second PLL, in the order in which they were written. */
  readonly apll: readonly (readonly [register: number, value: number])[];
}

export const BASE = 0x3ff6_9000;
const DMA_FIRST = 0x3ffa_e000;
const DMA_END = 0x4000_0000;
const [TX, RX] = [
  [19, 21, 22],
  [25, 26, 27],
];
const OWN = 0x8000_0000;
/** A turn of MDIO: 64 bits at 80 MHz ÷ 42, in cycles of the processor. */
const MDIO_TURN = 64 * 42 * 3;

export class TestEmac {
  readonly phy: TestPhy;
  /** Frames that have gone over the cable. */
  readonly sent: Uint8Array[] = [];
  /** Called with each of them. */
  onSent: ((frame: Uint8Array) => void) | undefined;
  /** Sent frames stay where they are. */
  holdsSent = false;
  /** How often the DMA was started. */
  starts = 0;
  readonly #wiring: Wiring;
  readonly #around: Around;
  readonly #waiting: Uint8Array[] = [];
  readonly #registers = new Map<number, number>();
  #mdioSince: number | undefined;
  #receiveAt = 0;
  #sendAt = 0;
  #isResetting = false;
  #isMad = false;
  #hasFailed = false;
  #steps = "";
  /** Where descriptors and buffers lie: first and last. */
  #range: readonly [number, number] = [0, 0];
  #rings: readonly number[] = [];

  constructor(wiring: Wiring, around: Around) {
    this.#wiring = wiring;
    this.#around = around;
    this.phy = new TestPhy(wiring.phy, () => around.now());
  }

  // ---- wires

  #pad(pin: number): { readonly func: number; readonly reads: boolean } {
    const value = this.#around.register(mux.base + mux.pads[pin]!);
    return { func: (value >> 12) & 7, reads: (value & 0x200) !== 0 };
  }

  /** An output of the processor, as the pin shows it. */
  #level(pin: number): boolean {
    const { register } = this.#around;
    const bit = 1 << pin;
    const isOut =
      this.#pad(pin).func === 2 &&
      (register(0x3ff4_4020) & bit) !== 0 &&
      register(0x3ff4_4530 + 4 * pin) === 0x100;
    return isOut && (register(0x3ff4_4004) & bit) !== 0;
  }

  /** Pins have changed. */
  wires(): void {
    const { power, reset } = this.#wiring;
    this.phy.isOn =
      (power === undefined || this.#level(power)) && (reset === undefined || this.#level(reset));
  }

  #hasClock(): boolean {
    const { clock } = this.#wiring;
    const at = (offset: number) => this.#registers.get(0x800 + offset) ?? 0;
    if (((at(0xc) >> 13) & 7) !== 4) return false;
    const { func, reads } = this.#pad(clock.pin);
    // GPIO0 has one of the clock outputs, which shows the second PLL.
    const isOutput = clock.out && clock.pin === 0;
    if (func !== (isOutput ? 1 : 5)) return false;
    if (isOutput && (this.#around.register(mux.base) & 15) !== 6) return false;
    const inside = (at(8) & 3) === 2 && (at(4) & (1 << 24)) === 0 && at(0) === 0;
    if (clock.out) return inside && runsAt50MHz(this.#around.register, this.#around.apll);
    const outside = (at(8) & 3) === 1 && (at(4) & (1 << 24)) !== 0;
    return outside && reads && this.phy.hasClock;
  }

  #needsClock(address: number): void {
    const { register } = this.#around;
    if ((register(0x3ff0_00cc) & (1 << 14)) === 0 || (register(0x3ff0_00d0) & (1 << 7)) !== 0)
      throw new Error(`the Ethernet MAC has no clock or is held in reset: ${address.toString(16)}`);
  }

  // ---- registers

  load(address: number): number {
    this.#needsClock(address);
    const at = address - BASE;
    const value = this.#registers.get(at) ?? 0;
    if (at === 0) {
      if (this.#isResetting && this.#hasClock()) this.#reset();
      return (this.#registers.get(0) ?? 0) >>> 0;
    }
    if (at === 0x14) return this.#status() >>> 0;
    if (at === 0x1010) return this.#isMdioBusy() ? value | 1 : value & ~1;
    return value >>> 0;
  }

  store(address: number, value: number): void {
    this.#needsClock(address);
    const at = address - BASE;
    if (this.#isResetting && at < 0x800 && at !== 0)
      throw new Error("a register of the DMA, while it is reset");
    if (at === 0x14) {
      this.#registers.set(at, (this.#registers.get(at) ?? 0) & ~value);
      return;
    }
    const before = this.#registers.get(at) ?? 0;
    this.#registers.set(at, value >>> 0);
    if (at === 0 && value & 1) this.#isResetting = true;
    else if (at === 0x04) this.#send();
    else if (at === 0x08) this.#deliver();
    else if (at === 0x0c) this.#receiveAt = value >>> 0;
    else if (at === 0x10) this.#sendAt = value >>> 0;
    else if (at === 0x18 || at === 0x1000) this.#starting(at, before, value);
    else if (at === 0x1010 && value & 1) this.#mdio(value);
  }

  #reset(): void {
    this.#isResetting = false;
    this.#waiting.length = 0;
    if (this.#isMad) this.holdsSent = false;
    this.#isMad = false;
    this.#hasFailed = false;
    this.#steps = "";
    this.#range = [0, 0];
    for (const at of [...this.#registers.keys()]) if (at < 0x800 || at >= 0x1000) this.#registers.delete(at);
  }

  /** The chip was reset. */
  powerCycle(): void {
    this.#reset();
    this.#registers.clear();
    this.#rings = [];
    this.#mdioSince = undefined;
    this.wires();
  }

  /** TX of the MAC, TX of the DMA, RX of the DMA, RX of the MAC: ESP-IDF, `emac_hal_start`. */
  #starting(at: number, before: number, value: number): void {
    const halves =
      at === 0x18
        ? ([
            [1 << 13, "T"],
            [1 << 1, "R"],
          ] as const)
        : ([
            [1 << 3, "t"],
            [1 << 2, "r"],
          ] as const);
    for (const [bit, letter] of halves) {
      if (value & ~before & bit) this.#steps += letter;
      if (before & ~value & bit) this.#steps = "";
    }
    if (!"tTRr".startsWith(this.#steps)) throw new Error(`started in the order ${this.#steps}`);
    if (this.#steps !== "tTRr" || (value & ~before) === 0) return;
    this.#checkStart();
    this.starts++;
    this.#deliver();
  }

  #checkStart(): void {
    const bus = this.#registers.get(0) ?? 0;
    if ((bus & 0x80) === 0) throw new Error("descriptors of 16 bytes");
    for (const pin of [...TX!, ...RX!])
      if (this.#pad(pin).func !== 5) throw new Error(`GPIO${pin} is no pin of RMII`);
    for (const pin of RX!) if (!this.#pad(pin).reads) throw new Error(`GPIO${pin} is not read`);
    const rings = [this.#receiveAt, this.#sendAt].flatMap((first) => this.#ring(first));
    const addresses = rings.flatMap((at) => [at, this.#word(at, 2)]).filter((at) => at !== 0);
    this.#rings = rings;
    this.#range = [Math.min(...addresses), Math.max(...addresses) + 2048];
  }

  /** The descriptors from here on, each leading to the next; those to send lead on only once they were used. */
  #ring(first: number): number[] {
    const found: number[] = [];
    for (let at = first; at !== 0 && !found.includes(at); at = this.#word(at, 3)) {
      this.#reaches(at, 32);
      if (found.length > 64) throw new Error("a ring without an end");
      found.push(at);
    }
    return found;
  }

  #reaches(address: number, bytes: number): void {
    if (address < DMA_FIRST || address + bytes > DMA_END)
      throw new Error(`the DMA does not reach ${address.toString(16)}`);
  }

  #word(at: number, index: number): number {
    if (at & 3) throw new Error(`a descriptor at ${at.toString(16)}`);
    this.#reaches(at, 32);
    return this.#around.load(at + 4 * index, 4) >>> 0;
  }

  /** The processor writes here: it must not, where the DMA has it. */
  written(address: number): void {
    if (this.#isMad || address < this.#range[0] || address >= this.#range[1] || this.#steps !== "tTRr")
      return;
    for (const at of this.#rings) {
      if ((this.#word(at, 0) & OWN) === 0) continue;
      const buffer = this.#word(at, 2);
      const isInside = address >= buffer && address < buffer + (this.#word(at, 1) & 0x1fff);
      if (isInside || (address >= at && address < at + 16))
        throw new Error(`the processor writes to ${address.toString(16)}, which the DMA has`);
    }
  }

  // ---- management

  #isMdioBusy(): boolean {
    return this.#mdioSince !== undefined && (this.#around.now() - this.#mdioSince) >>> 0 < MDIO_TURN;
  }

  #mdio(value: number): void {
    if (this.#isMdioBusy()) throw new Error("MDIO is at work");
    if ((value >> 2) & 15) throw new Error("a clock of MDIO that is not 80 MHz ÷ 42");
    this.#mdioSince = this.#around.now();
    const { register } = this.#around;
    const enabled = (pin: number, signal: number) =>
      this.#pad(pin).func === 2 &&
      register(0x3ff4_4530 + 4 * pin) === signal &&
      (register(0x3ff4_4020) & (1 << pin)) !== 0;
    if (!enabled(23, 200)) throw new Error("MDC is not GPIO23");
    if (!enabled(18, 201) || !this.#pad(18).reads || register(0x3ff4_4130 + 4 * 201) !== (18 | 0x80))
      throw new Error("MDIO is not GPIO18");
    const isIts = ((value >> 11) & 31) === this.#wiring.address;
    const which = (value >> 6) & 31;
    if (value & 2) {
      if (isIts) this.phy.write(which, (this.#registers.get(0x1014) ?? 0) & 0xffff);
    } else this.#registers.set(0x1014, isIts ? this.phy.read(which) : 0xffff);
  }

  // ---- frames

  #runs(): boolean {
    return this.#steps === "tTRr";
  }

  /** Both ends have the same speed and duplex, and a cable between them. */
  #isConnected(): boolean {
    const link = this.phy.link;
    if (link === undefined) return false;
    const config = this.#registers.get(0x1000) ?? 0;
    const own = `${config & 0x800 ? "full" : "half"}${config & 0x4000 ? "100" : "10"}`;
    if (own !== link || (config & 0x8000) === 0) throw new Error(`the MAC is ${own}, the link is ${link}`);
    return true;
  }

  #status(): number {
    const state = this.#runs() ? (3 << 17) | (6 << 20) : 0;
    return (this.#registers.get(0x14) ?? 0) | state;
  }

  #raise(bits: number): void {
    const normal = bits & 0x4045 ? 1 << 16 : 0;
    this.#registers.set(0x14, ((this.#registers.get(0x14) ?? 0) | bits | normal) >>> 0);
  }

  /** What it asks the interrupt matrix for. */
  get interrupts(): boolean {
    const enabled = this.#registers.get(0x1c) ?? 0;
    const status = this.#registers.get(0x14) ?? 0;
    return (status & enabled & 0x67ff) !== 0 && (status & enabled & 0x1_8000) !== 0;
  }

  /** A frame arrives on the cable. */
  receive(frame: Uint8Array): void {
    if (!this.#runs() || !this.#isConnected()) return;
    this.#waiting.push(frame);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#waiting.length > 0 && this.#runs() && !this.#isMad) {
      const at = this.#receiveAt;
      if ((this.#word(at, 0) & OWN) === 0) {
        this.#raise(1 << 7);
        return;
      }
      const frame = this.#waiting.shift()!;
      const size = this.#word(at, 1) & 0x1fff;
      if (size & 3) throw new Error("a buffer of parts of words");
      if (frame.length + 4 > size) throw new Error("a frame that is longer than its buffer");
      const to = this.#word(at, 2);
      this.#reaches(to, size);
      this.claim(((frame.length + 4) << 16) | 0x300, () => {
        frame.forEach((byte, n) => {
          this.#poke(to + n, byte);
        });
      });
    }
  }

  #poke(address: number, byte: number): void {
    const word = this.#around.load(address & ~3, 4);
    const by = 8 * (address & 3);
    this.#around.store(address & ~3, (word & ~(255 << by)) | (byte << by));
  }

  /** The next descriptor comes back with this in its first word, whatever it is. */
  claim(word: number, before = (): void => {}): void {
    const at = this.#receiveAt;
    before();
    if ((this.#word(at, 1) & (1 << 14)) === 0) throw new Error("a descriptor that does not lead on");
    this.#receiveAt = this.#word(at, 3);
    this.#around.store(at, word >>> 0);
    this.#raise(1 << 6);
  }

  /** The same of one that it has, if it runs. */
  claimed(word: number): void {
    if (this.#runs() && !this.#isMad && (this.#word(this.#receiveAt, 0) & OWN) !== 0) this.claim(word & ~OWN);
  }

  /** Words of any descriptor become anything: what a device does that has lost its mind. It does not send or receive by itself any more. */
  scribble(n: number, word: number, value: number): void {
    if (!this.#runs()) return;
    this.holdsSent = true;
    this.#isMad = true;
    this.#around.store(this.#rings[n % this.#rings.length]! + 4 * word, value >>> 0);
  }

  interrupt(): void {
    this.#raise(1 << 6);
  }

  /** The bus has refused something. */
  fail(): void {
    this.#steps = "";
    this.#hasFailed = true;
    this.#raise(1 << 13);
  }

  /** What was held goes. */
  letGo(): void {
    this.holdsSent = false;
    this.#send();
  }

  #send(): void {
    if (!this.#runs() && !this.#hasFailed) throw new Error("a poll for frames, of a DMA that stands still");
    if (!this.#runs()) return;
    while (!this.holdsSent && !this.#isMad && (this.#word(this.#sendAt, 0) & OWN) !== 0) {
      const at = this.#sendAt;
      const first = this.#word(at, 0);
      const length = this.#word(at, 1) & 0x1fff;
      if ((first & 0x3010_0000) >>> 0 !== 0x3010_0000)
        throw new Error("not a frame in one piece, and a next one");
      if (length < 14 || length > 1518) throw new Error(`a frame of ${length} bytes`);
      const from = this.#word(at, 2);
      this.#reaches(from, length);
      const isConnected = this.#isConnected();
      const frame = Uint8Array.from({ length: Math.max(length, 60) }, (_, n) =>
        n < length ? this.#around.load(from + n, 1) : 0,
      );
      if (isConnected) {
        this.sent.push(frame);
        this.onSent?.(frame);
      }
      // Without a cable: loss of carrier.
      this.#around.store(at, ((first & ~OWN) | (isConnected ? 0 : 0x8800)) >>> 0);
      this.#sendAt = this.#word(at, 3);
      this.#raise(1);
    }
  }
}
