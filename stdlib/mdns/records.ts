/** What this appliance has to say: records as bits of a set. RFC 6762 and 6763 4. */
import { Bytes } from "../core/bytes";
import { Name, utf8 } from "./names";

export namespace Type {
  export const a: u32 = 1;
  export const ptr: u32 = 12;
  export const txt: u32 = 16;
  export const aaaa: u32 = 28;
  export const srv: u32 = 33;
  export const nsec: u32 = 47;
  export const any: u32 = 255;
}

/** Of the host's name. */
export const A: i32 = 0;
export const AAAA: i32 = 1;
export const HOST_NSEC: i32 = 2;
/** From its addresses back to the name. */
export const REVERSE: i32 = 3;
/** The first bit of services. */
export const FIRST: i32 = 4;
/** Of each service, from its first bit on. */
export const PTR: i32 = 0;
export const SRV: i32 = 1;
export const TXT: i32 = 2;
export const NSEC: i32 = 3;
/** In the list of all kinds of services: RFC 6763 9. */
export const KIND: i32 = 4;
export const SUBTYPES: i32 = 5;
export const MOST_RECORDS: i32 = 64;

@final
export class Service {
  /** `Greenhouse._http._tcp.local` */
  readonly instance: Name = new Name();

  constructor(
    /** Its first bit. */
    readonly first: i32,
    /** What people see; the host's name if it is empty. */
    readonly title: Bytes,
    /** `_http._tcp.local` */
    readonly kind: Name,
    readonly port: u32,
    /** As it stands in its record. */
    readonly txt: Bytes,
    /** `_printer._sub._http._tcp.local` */
    readonly subtypes: StaticArray<Name>,
  ) {}
}

export let services: StaticArray<Service> = [];
/** Of records that name the host, in seconds: RFC 6762 10. */
export let hostTtl: u32 = 120;
export const OTHER_TTL: u32 = 4500;
/** Bits of records that nobody else may have. */
export let unique: u64 = 0;
export let count: i32 = FIRST;

export const host = new Name();
export const kinds: Name = Name.of("_services._dns-sd._udp.local");
const local: Name = Name.of("local");
/** The label that was wished for. */
let wished: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
/** How many names were found taken. */
let taken: u32 = 0;
const label = new Bytes(new StaticArray<u8>(63), 0, 63);
let labelLength: u32 = 0;

/** In `prepare`. */
export function setUp(name: string, ttl: u64, all: Service[], records: i32): void {
  wished = utf8(name);
  hostTtl = <u32>(ttl / 1_000_000_000);
  services = StaticArray.fromArray(all);
  count = records;
  unique = 15;
  for (let n = 0; n < all.length; n++) unique |= (<u64>14) << (<u64>all[n].first);
}

/** The names that were wished for. */
export function begin(): void {
  taken = 0;
  rename();
}

/** Somebody else has one of ours: RFC 6762 9. All names change together. */
export function next(): void {
  taken += 1;
  rename();
}

/** Have names changed? */
export function isRenamed(): bool {
  return taken > 0;
}

function rename(): void {
  number(wished, 45, 0);
  host.clear();
  host.label(label, 0, labelLength);
  host.append(local);
  for (let n = 0; n < services.length; n++) {
    const service = services[n];
    // RFC 6763 D: `Greenhouse (2)`.
    number(service.title.length == 0 ? wished : service.title, 32, 40);
    service.instance.clear();
    service.instance.label(label, 0, labelLength);
    service.instance.append(service.kind);
  }
}

/** A label with a number behind it, if there were others: `-2`, or ` (2)`. */
function number(from: Bytes, before: u32, bracket: u32): void {
  let digits: u32 = taken + 1 < 10 ? 1 : taken + 1 < 100 ? 2 : 3;
  const extra = taken == 0 ? 0 : bracket == 0 ? 1 + digits : 3 + digits;
  let size = min(from.length, 63 - extra);
  // Not in the middle of a character.
  while (size < from.length && size > 0 && (from.u8(size) & 0xc0) == 0x80) size -= 1;
  label.copy(0, from, 0, size);
  if (taken > 0) {
    label.setU8(size++, before);
    if (bracket != 0) label.setU8(size++, bracket);
    let value = (taken + 1) % 1000;
    for (; digits > 0; digits--) {
      const unit: u32 = digits == 3 ? 100 : digits == 2 ? 10 : 1;
      label.setU8(size++, 48 + value / unit);
      value %= unit;
    }
    if (bracket != 0) label.setU8(size++, 41);
  }
  labelLength = size;
}

/** The service that a bit is of; null: it is the host's. */
export function serviceOf(bit: i32): Service | null {
  for (let n = services.length - 1; n >= 0; n--) if (bit >= services[n].first) return services[n];
  return null;
}
