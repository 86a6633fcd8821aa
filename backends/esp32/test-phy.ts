/** PHYs for tests, as their data sheets have them: registers, resets that take their time, negotiation with another end, and a cable that can be pulled. */

/** What the other end of the cable can do best. */
export type Partner = "half10" | "full10" | "half100" | "full100";

interface Kind {
  /** Registers 2 and 3. */
  readonly identifier: readonly [number, number];
  /** Milliseconds from reset until it answers. */
  readonly settles: number;
  /** Which register selects pages, and which page it begins with. */
  readonly page?: readonly [register: number, first: number];
}
export const kinds = {
  lan8720: { identifier: [0x0007, 0xc0f1], settles: 1 },
  ip101: { identifier: [0x0243, 0x0c54], settles: 10, page: [20, 16] },
  rtl8201: { identifier: [0x001c, 0xc816], settles: 150, page: [31, 0] },
} as const satisfies Record<string, Kind>;

/** As LAN8720A and IP101G number them. */
const modes: Readonly<Record<Partner, number>> = { half10: 1, half100: 2, full10: 5, full100: 6 };

const MILLISECOND = 240_000;
const RESET_TIME = 3 * MILLISECOND;
const NEGOTIATION = 1500 * MILLISECOND;
const NOBODY = 0xffff;

export class TestPhy {
  partner: Partner | undefined = "full100";
  /** Nobody is there, or it is broken: reads are what the pull-up gives. */
  isGone = false;
  readonly #kind: Kind;
  readonly #name: keyof typeof kinds;
  /** The processor's counter, of 32 bits. */
  readonly #now: () => number;
  #isOn = false;
  #began = 0;
  #hasSettled = false;
  #resetAt: number | undefined;
  #negotiatesSince: number | undefined;
  #isNegotiated = false;
  /** A link that was lost is told once. */
  #lost = false;
  #control = 0;
  #page = 0;

  constructor(name: keyof typeof kinds, now: () => number) {
    this.#name = name;
    this.#kind = kinds[name];
    this.#now = now;
  }

  /** Power, and no reset. */
  set isOn(on: boolean) {
    if (on && !this.#isOn) {
      this.#begin();
      this.#began = this.#now();
      this.#hasSettled = false;
    }
    this.#isOn = on;
  }

  get hasClock(): boolean {
    return this.#isOn;
  }

  /** What this end and the other have agreed on, if there is a link. */
  get link(): Partner | undefined {
    if (this.#since(this.#negotiatesSince) >= NEGOTIATION && this.partner !== undefined)
      this.#isNegotiated = true;
    return this.#isOn && this.#isNegotiated ? this.partner : undefined;
  }

  unplug(): void {
    this.partner = undefined;
    this.#isNegotiated = false;
    this.#lost = true;
  }

  /** Another end, for which there must be no cable to a former one. */
  plug(partner: Partner): void {
    this.unplug();
    this.partner = partner;
    this.#negotiatesSince = this.#now();
  }

  #since(when: number | undefined): number {
    return when === undefined ? -1 : (this.#now() - when) >>> 0;
  }

  #begin(): void {
    this.#control = 0x3100;
    this.#page = this.#kind.page?.[1] ?? 0;
    this.#negotiatesSince = this.#now();
    this.#isNegotiated = false;
    this.#lost = true;
  }

  #answers(): boolean {
    if (this.isGone || !this.#isOn) return false;
    if (!this.#hasSettled && this.#since(this.#began) < this.#kind.settles * MILLISECOND) return false;
    this.#hasSettled = true;
    if (this.#resetAt !== undefined && this.#since(this.#resetAt) >= RESET_TIME) {
      this.#resetAt = undefined;
      this.#begin();
    }
    return true;
  }

  read(register: number): number {
    if (!this.#answers()) return NOBODY;
    if (register === 0) return this.#resetAt === undefined ? this.#control | this.#result() : 0x8000;
    if (this.#resetAt !== undefined) return 0;
    const link = this.link;
    if (register === 1) {
      const up = link !== undefined && !this.#lost;
      this.#lost = link === undefined;
      return 0x7809 | (link === undefined ? 0 : 0x20) | (up ? 4 : 0);
    }
    if (register === 2 || register === 3) return this.#kind.identifier[register - 2]!;
    if (register === this.#kind.page?.[0]) return this.#page;
    if (this.#name === "lan8720" && register === 31)
      return link === undefined ? 0x40 : 0x1040 | (modes[link] << 2);
    if (this.#name === "ip101" && register === 30 && this.#page === 16)
      return link === undefined ? 0 : 0x100 | modes[link];
    return 0;
  }

  /** RTL8201F shows in register 0 what was agreed. */
  #result(): number {
    if (this.#name !== "rtl8201" || this.link === undefined) return 0;
    this.#control &= ~0x2100;
    return (this.link.endsWith("100") ? 0x2000 : 0) | (this.link.startsWith("full") ? 0x100 : 0);
  }

  write(register: number, value: number): void {
    if (!this.#answers() || this.#resetAt !== undefined) return;
    if (register === this.#kind.page?.[0]) this.#page = value;
    if (register !== 0) return;
    if (value & 0x8000) {
      this.#resetAt = this.#now();
      this.#isNegotiated = false;
      this.#lost = true;
      return;
    }
    this.#control = value & ~0x200;
    if (value & 0x200) {
      this.#negotiatesSince = this.#now();
      this.#isNegotiated = false;
      this.#lost = true;
    }
  }
}
