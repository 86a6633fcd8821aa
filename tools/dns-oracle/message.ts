/**
 * Reads a DNS message strictly, independent of the server under test: names may only point backwards, sections must be complete,
 * nothing may follow them. Records come out in a form that can be compared as text.
 */

export interface Message {
  readonly id: number;
  readonly flags: number;
  readonly rcode: number;
  readonly question: readonly string[];
  readonly answer: readonly Entry[];
  readonly authority: readonly Entry[];
  readonly additional: readonly Entry[];
  readonly opt: Opt | undefined;
}

/** One record; `value` is hexadecimal, with compressed names written out in lower case. */
export interface Entry {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly value: string;
}

export interface Opt {
  readonly size: number;
  readonly extended: number;
  readonly version: number;
  readonly flags: number;
}

const OPT = 41;
/** Types whose values may have compressed names: offset of the first name, and how many follow each other. RFC 1035 3.3. */
const NAMES: Readonly<Record<number, readonly [before: number, count: number]>> = {
  2: [0, 1],
  3: [0, 1],
  4: [0, 1],
  5: [0, 1],
  6: [0, 2],
  7: [0, 1],
  8: [0, 1],
  9: [0, 1],
  12: [0, 1],
  14: [0, 2],
  15: [2, 1],
  // Not to be compressed, but a name all the same: RP, AFSDB, RT, PX, SRV, KX, DNAME, NAPTR is left as it is.
  17: [0, 2],
  18: [2, 1],
  21: [2, 1],
  26: [2, 2],
  33: [6, 1],
  36: [2, 1],
  39: [0, 1],
};
/** Those of `NAMES` where a pointer is a mistake. RFC 3597 4. */
const UNCOMPRESSED = new Set([17, 18, 21, 26, 33, 36, 39]);

export function readMessage(bytes: Uint8Array): Message {
  return new Reader(bytes).message();
}

/** The records of a section in one order, for comparing sections as sets. */
export function inOrder(entries: readonly Entry[]): string[] {
  return entries.map((e) => `${e.name} ${e.ttl} ${e.class} ${e.type} ${e.value}`).toSorted();
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  private opt: Opt | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  message(): Message {
    const id = this.u16();
    const flags = this.u16();
    const counts = [this.u16(), this.u16(), this.u16(), this.u16()] as const;
    const question = Array.from({ length: counts[0] }, () => `${this.name()} ${this.u16()} ${this.u16()}`);
    const answer = this.section(counts[1]);
    const authority = this.section(counts[2]);
    const additional = this.section(counts[3]);
    if (this.at !== this.bytes.length)
      throw new Error(`${this.bytes.length - this.at} bytes after the message`);
    const opt = this.opt;
    const rcode = (flags & 15) | ((opt?.extended ?? 0) << 4);
    return { id, flags, rcode, question, answer, authority, additional, opt };
  }

  private section(count: number): Entry[] {
    const out: Entry[] = [];
    for (let i = 0; i < count; i++) {
      const name = this.name();
      const type = this.u16();
      const clazz = this.u16();
      const ttl = this.u16() * 65536 + this.u16();
      const end = this.u16() + this.at;
      if (end > this.bytes.length) throw new Error("a record goes beyond the message");
      if (type === OPT) {
        if (this.opt !== undefined || name !== ".") throw new Error("a wrong OPT record");
        this.opt = { size: clazz, extended: ttl >>> 24, version: (ttl >>> 16) & 255, flags: ttl & 0xffff };
        this.at = end;
        continue;
      }
      out.push({ name, type, class: clazz, ttl, value: this.value(type, end) });
    }
    return out;
  }

  private value(type: number, end: number): string {
    const [before, count] = NAMES[type] ?? [end - this.at, 0];
    let out = this.hex(before);
    for (let i = 0; i < count; i++) {
      const from = this.at;
      out += `<${this.name()}>`;
      if (UNCOMPRESSED.has(type) && this.hasPointer(from))
        throw new Error(`a compressed name in type ${type}`);
    }
    if (this.at > end) throw new Error("a name goes beyond its record");
    return out + this.hex(end - this.at);
  }

  private hasPointer(from: number): boolean {
    for (let at = from; at < this.at; at += this.bytes[at]! + 1) if (this.bytes[at]! >= 0xc0) return true;
    return false;
  }

  private hex(count: number): string {
    const from = this.at;
    this.at += count;
    return Buffer.from(this.bytes.subarray(from, this.at)).toString("hex");
  }

  private u16(): number {
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  private name(): string {
    let out = "";
    let total = 0;
    let at = this.at;
    let farthest = this.at;
    let jumped = false;
    for (;;) {
      const size = this.view.getUint8(at);
      if (size >= 0xc0) {
        const to = this.view.getUint16(at) & 0x3fff;
        if (!jumped) this.at = at + 2;
        jumped = true;
        if (to >= farthest) throw new Error("a pointer that does not lead backwards");
        at = farthest = to;
        continue;
      }
      if (size > 63) throw new Error("a label of a kind that does not exist");
      total += size + 1;
      if (total > 255) throw new Error("a name of more than 255 bytes");
      at++;
      if (size === 0) break;
      out += `${label(this.bytes.subarray(at, at + size))}.`;
      at += size;
    }
    if (!jumped) this.at = at;
    return out === "" ? "." : out;
  }
}

function label(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) {
    const char = String.fromCharCode(byte).toLowerCase();
    out +=
      byte > 32 && byte < 127 && char !== "." && char !== "\\" ? char : `\\${String(byte).padStart(3, "0")}`;
  }
  return out;
}
