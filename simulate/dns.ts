/** Questions to name servers, and their answers for people: RFC 1035, over UDP. */
import { concat } from "./wire/packets.ts";

export const dnsTypes: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  CAA: 257,
  ANY: 255,
};

const [QUERY, CLASS_IN] = [0x0100, 1];
const rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

const u16 = (...values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));

/** Undefined if `name` is no name of a host: labels of 1 to 63 bytes, 255 in all. */
export function dnsQuestion(name: string, type: string, id: number): Uint8Array | undefined {
  const number = dnsTypes[type.toUpperCase()];
  const labels = name.replace(/\.$/, "").split(".");
  const parts =
    labels[0] === "" && labels.length === 1 ? [] : labels.map((each) => new TextEncoder().encode(each));
  const length = parts.reduce((sum, part) => sum + 1 + part.length, 1);
  if (number === undefined || length > 255) return undefined;
  if (parts.some((part) => part.length === 0 || part.length > 63)) return undefined;
  const wire = parts.flatMap((part) => [part.length, ...part]);
  return concat(u16(id, QUERY, 1, 0, 0, 0), Uint8Array.from([...wire, 0]), u16(number, CLASS_IN));
}

export interface DnsAnswer {
  readonly id: number;
  readonly rcode: string;
  /** There was more than the datagram holds. */
  readonly truncated: boolean;
  /** The answer section: `www.example.com. 300 A 192.0.2.80`. */
  readonly records: readonly string[];
}

/** Undefined if it is no answer, or malformed. */
export function readDnsAnswer(bytes: Uint8Array): DnsAnswer | undefined {
  try {
    return new Reader(bytes).answer();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

class Malformed extends Error {}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  answer(): DnsAnswer {
    const [id, flags, questions, answers] = [this.#u16(), this.#u16(), this.#u16(), this.#u16()];
    if ((flags & 0x8000) === 0) throw new Malformed();
    this.#at += 4;
    for (let n = 0; n < questions; n++) {
      this.#name();
      this.#at += 4;
    }
    const records: string[] = [];
    for (let n = 0; n < answers; n++) records.push(this.#record());
    const rcode = rcodes[flags & 15] ?? `RCODE${flags & 15}`;
    return { id, rcode, truncated: (flags & 0x0200) !== 0, records };
  }

  #record(): string {
    const name = this.#name();
    const type = this.#u16();
    this.#u16();
    const ttl = this.#u16() * 65_536 + this.#u16();
    const end = this.#u16() + this.#at;
    if (end > this.#bytes.length) throw new Malformed();
    const shown = Object.keys(dnsTypes).find((each) => dnsTypes[each] === type) ?? `TYPE${type}`;
    const value = this.#value(shown, end);
    this.#at = end;
    return `${name} ${ttl} ${shown} ${value}`;
  }

  #value(type: string, end: number): string {
    const length = end - this.#at;
    if (type === "A" && length === 4) return this.#bytes.subarray(this.#at, end).join(".");
    if (type === "AAAA" && length === 16) return ipv6(this.#bytes.subarray(this.#at, end));
    if (type === "NS" || type === "CNAME" || type === "PTR") return this.#name();
    if (type === "MX") return `${this.#u16()} ${this.#name()}`;
    if (type === "SRV") return `${this.#u16()} ${this.#u16()} ${this.#u16()} ${this.#name()}`;
    if (type === "TXT") return this.#texts(end);
    return `\\# ${length} ${Array.from(this.#bytes.subarray(this.#at, end), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }

  #texts(end: number): string {
    const texts: string[] = [];
    while (this.#at < end) {
      const length = this.#u8();
      if (this.#at + length > end) throw new Malformed();
      texts.push(`"${shown(this.#bytes.subarray(this.#at, this.#at + length))}"`);
      this.#at += length;
    }
    return texts.join(" ");
  }

  /** Pointers only lead backwards, so that it ends. RFC 1035 4.1.4. */
  #name(): string {
    let name = "";
    let after: number | undefined;
    let farthest = this.#at;
    while (true) {
      const length = this.#u8();
      if (length >= 0xc0) {
        const to = ((length & 0x3f) << 8) | this.#u8();
        after ??= this.#at;
        if (to >= farthest) throw new Malformed();
        farthest = to;
        this.#at = to;
        continue;
      }
      if (length > 63 || this.#at + length > this.#bytes.length || name.length > 1024) throw new Malformed();
      if (length === 0) break;
      name += `${shown(this.#bytes.subarray(this.#at, this.#at + length))}.`;
      this.#at += length;
    }
    this.#at = after ?? this.#at;
    return name === "" ? "." : name;
  }

  #u8(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new Malformed();
    return value;
  }

  #u16(): number {
    return this.#u8() * 256 + this.#u8();
  }
}

/** RFC 1035 5.1: what cannot be printed, and what would end something. */
const shown = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) =>
    byte < 32 || byte > 126 || byte === 34 || byte === 92
      ? `\\${String(byte).padStart(3, "0")}`
      : String.fromCharCode(byte),
  ).join("");

/** RFC 5952. */
function ipv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, n) => (bytes[2 * n]! * 256 + bytes[2 * n + 1]!).toString(16));
  const text = groups.join(":");
  const zeros = [...text.matchAll(/\b0(?::0\b)+/g)].toSorted((one, other) => other[0].length - one[0].length);
  const [longest] = zeros;
  if (longest === undefined) return text;
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)];
  return `${before.replace(/:$/, "")}::${after.replace(/^:/, "")}`;
}
