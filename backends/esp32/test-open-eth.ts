/** OpenCores' Ethernet MAC for chips in tests (OpenCores, Ethernet IP Core Specification): rings of descriptors, frames in and out. */

export interface Bus {
  load(address: number, bytes: number): number;
  store(address: number, bytes: number, value: number): void;
}

const register = { mode: 0, events: 4, mask: 8, senders: 0x20, read: 0x38 } as const;
const DESCRIPTORS = 0x400;
const SIZE = 0x800;
/** Bits of a descriptor's first word. */
const [OURS, LAST] = [0x8000, 0x2000];
const RECEIVED = 4;
/** What its PHY says: there is a cable. */
const LINK = 1 << 2;

export class OpenEth {
  /** Frames that were sent. */
  readonly sent: Uint8Array[] = [];
  readonly #bus: Bus;
  readonly #registers = new Map<number, number>();
  readonly #entries = new Uint32Array((SIZE - DESCRIPTORS) / 4);
  readonly #waiting: Uint8Array[] = [];
  #received = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** It wants attention. */
  get interrupts(): boolean {
    return (this.#at(register.events) & this.#at(register.mask)) !== 0;
  }

  /** A frame arrives. */
  receive(frame: Uint8Array): void {
    this.#waiting.push(frame);
    this.#deliver();
  }

  /** It says that it has put something into the next buffer: this is the first word of its descriptor, whatever it is. */
  claim(word: number): void {
    this.#next(word);
  }

  load(offset: number): number {
    if (offset >= DESCRIPTORS) return this.#entries[(offset - DESCRIPTORS) >> 2]!;
    return offset === register.read ? LINK : this.#at(offset);
  }

  store(offset: number, value: number): void {
    if (offset >= DESCRIPTORS) {
      this.#entries[(offset - DESCRIPTORS) >> 2] = value;
      this.#transmit(offset - DESCRIPTORS);
      this.#deliver();
    } else if (offset === register.events) this.#registers.set(offset, this.#at(offset) & ~value);
    else this.#registers.set(offset, value);
  }

  #at(offset: number): number {
    return this.#registers.get(offset) ?? 0;
  }

  #transmit(place: number): void {
    const index = place >> 3;
    const word = this.#entries[2 * index]!;
    if (index >= this.#at(register.senders) || (place & 4) !== 0 || (word & OURS) === 0) return;
    const from = this.#entries[2 * index + 1]!;
    this.sent.push(Uint8Array.from({ length: word >>> 16 }, (_, n) => this.#bus.load(from + n, 1)));
    this.#entries[2 * index] = word & ~OURS;
  }

  #deliver(): void {
    while (this.#waiting.length > 0 && (this.#at(register.mode) & 1) !== 0) {
      const index = this.#at(register.senders) + this.#received;
      const word = this.#entries[2 * index]!;
      if ((word & OURS) === 0) return;
      const frame = this.#waiting.shift()!;
      const to = this.#entries[2 * index + 1]!;
      frame.forEach((byte, n) => {
        this.#bus.store(to + n, 1, byte);
      });
      this.#next(((frame.length + 4) << 16) | (word & 0x6000));
    }
  }

  /** The next descriptor has this word, and its turn is over. */
  #next(word: number): void {
    const index = this.#at(register.senders) + this.#received;
    const wraps = (this.#entries[2 * index]! & LAST) !== 0;
    this.#entries[2 * index] = word;
    this.#received = wraps ? 0 : this.#received + 1;
    this.#registers.set(register.events, this.#at(register.events) | RECEIVED);
  }
}
