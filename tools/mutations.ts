/**
 * Good packets made wrong on purpose: a few fields changed at a time, and lengths and checksums mostly repaired, so that what is wrong reaches the layer that it is
 * wrong for. Ethernet, ARP, IPv4 and IPv6 with options and extension headers, ICMP, UDP, TCP, and what is in them.
 */
import { concat, etherType, protocol, type Random } from "#simulate";

export const pick = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)]!;

/** A field of a frame: where, and how many bytes. */
interface Field {
  readonly at: number;
  readonly size: number;
}

/** What a frame is made of, as far as it can be read. */
interface Layout {
  readonly fields: Field[];
  /** Of IP; 0: there is none. */
  readonly version: number;
  readonly protocol: number;
  /** Where the transport's header is, and what it carries; the frame's length if that is not known. */
  readonly transport: number;
  readonly payload: number;
}

const ETHERNET = 14;
const EXTENSIONS = new Set([0, 43, 44, 60]);

const u16 = (bytes: Uint8Array, at: number) => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
const setU16 = (bytes: Uint8Array, at: number, value: number) => {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
};

/** Fields one behind the other. */
const row = (from: number, ...sizes: readonly number[]): Field[] => {
  let at = from;
  return sizes.map((size) => {
    const field = { at, size };
    at += size;
    return field;
  });
};

function layoutOf(frame: Uint8Array): Layout {
  const type = u16(frame, 12);
  const fields = row(0, 6, 6, 2);
  const none = { fields, version: 0, protocol: 0, transport: frame.length, payload: frame.length };
  if (type === etherType.arp) fields.push(...row(ETHERNET, 2, 2, 1, 1, 2, 6, 4, 6, 4));
  if (type === etherType.ipv4 && frame.length >= ETHERNET + 20) {
    const transport = ETHERNET + (frame[ETHERNET]! & 15) * 4;
    fields.push(...row(ETHERNET, 1, 1, 2, 2, 2, 1, 1, 2, 4, 4));
    for (let at = ETHERNET + 20; at < transport; at++) fields.push({ at, size: 1 });
    return withTransport(frame, fields, 4, frame[ETHERNET + 9]!, transport);
  }
  if (type !== etherType.ipv6 || frame.length < ETHERNET + 40) return none;
  fields.push(...row(ETHERNET, 4, 2, 1, 1, 16, 16));
  let next = frame[ETHERNET + 6]!;
  let at = ETHERNET + 40;
  while (EXTENSIONS.has(next) && at + 8 <= frame.length) {
    fields.push(...row(at, 1, 1, 2, 4));
    next = frame[at]!;
    at += next === 44 ? 8 : 8 + 8 * frame[at + 1]!;
  }
  return withTransport(frame, fields, 6, next, at);
}

function withTransport(
  frame: Uint8Array,
  fields: Field[],
  version: number,
  number: number,
  transport: number,
): Layout {
  let payload = frame.length;
  if (number === protocol.tcp && frame.length >= transport + 20) {
    fields.push(...row(transport, 2, 2, 4, 4, 1, 1, 2, 2, 2));
    payload = Math.min(frame.length, transport + (frame[transport + 12]! >> 4) * 4);
    for (let at = transport + 20; at < payload; at++) fields.push({ at, size: 1 });
  } else if (number === protocol.udp && frame.length >= transport + 8) {
    fields.push(...row(transport, 2, 2, 2, 2));
    payload = transport + 8;
  } else if (frame.length >= transport + 8) {
    fields.push(...row(transport, 1, 1, 2, 4));
    payload = transport + 8;
  }
  return { fields, version, protocol: number, transport, payload };
}

/** A number at which programs break, or one near to what is there. */
function otherNumber(random: Random, value: number, most: number): number {
  const near = [value + 1, value - 1, value * 2, value ^ (1 << random.below(32)), most - value];
  const known = [0, 1, most, most - 1, Math.floor(most / 2), Math.floor(most / 2) + 1, random.u32()];
  return pick(random, random.below(2) === 0 ? near : known) >>> 0;
}

function changeField(frame: Uint8Array, { at, size }: Field, random: Random, others: readonly Field[]): void {
  if (at + size > frame.length) return;
  const twins = others.filter((each) => each.size === size && each.at + size <= frame.length);
  if (size > 4 || random.below(8) === 0) {
    // Another field's content, or one other byte.
    if (random.below(2) === 0 && twins.length > 0) {
      const from = pick(random, twins).at;
      frame.copyWithin(at, from, from + size);
    } else frame[at + random.below(size)] = pick(random, [0, 0xff, 0x80, random.u32() & 0xff]);
    return;
  }
  let value = 0;
  for (let n = 0; n < size; n++) value = value * 256 + frame[at + n]!;
  let other = otherNumber(random, value, 2 ** (8 * size) - 1);
  for (let n = size - 1; n >= 0; n--) {
    frame[at + n] = other & 0xff;
    other >>>= 8;
  }
}

/** Something else in the place of a part of what is carried. */
function changePayload(
  frame: Uint8Array,
  from: number,
  random: Random,
  words: readonly Uint8Array[],
): Uint8Array {
  const length = frame.length - from;
  const at = from + random.below(length + 1);
  const end = Math.min(frame.length, at + random.below(12));
  const some = Uint8Array.from({ length: random.below(6) }, () =>
    pick(random, [0, 0xff, 0x80, 0xc0, random.u32() & 0xff]),
  );
  const middle = pick(random, [
    () => some,
    () => frame.subarray(at, end),
    () => concat(frame.subarray(at, end), frame.subarray(at, end)),
    () => new Uint8Array(),
    () => (words.length === 0 ? some : pick(random, words)),
  ])();
  return concat(frame.subarray(0, at), middle, frame.subarray(random.below(2) === 0 ? at : end)).subarray(
    0,
    1514,
  );
}

/** The checksum field of a transport. */
const sumPlaces = new Map<number, number>([
  [protocol.tcp, 16],
  [protocol.udp, 6],
  [protocol.icmp, 2],
  [protocol.icmpv6, 2],
]);

function sumOf(frame: Uint8Array, from: number, to: number, begin = 0): number {
  let sum = begin;
  for (let at = from; at < to; at += 2) sum += frame[at]! * 256 + (at + 1 < to ? frame[at + 1]! : 0);
  return sum;
}

const folded = (sum: number): number => {
  let rest = sum;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return rest;
};

/** Makes lengths and checksums right again, each of them mostly. */
function repair(frame: Uint8Array, random: Random): void {
  const { version, protocol: number, transport } = layoutOf(frame);
  const mostly = () => random.below(16) !== 0;
  if (version === 0) return;
  const isFour = version === 4;
  if (mostly()) setU16(frame, ETHERNET + (isFour ? 2 : 4), frame.length - ETHERNET - (isFour ? 0 : 40));
  if (isFour && mostly() && transport <= frame.length) {
    setU16(frame, ETHERNET + 10, 0);
    setU16(frame, ETHERNET + 10, ~folded(sumOf(frame, ETHERNET, transport)));
  }
  const place = sumPlaces.get(number);
  if (place === undefined || transport + place + 2 > frame.length || !mostly()) return;
  if (number === protocol.udp && mostly()) setU16(frame, transport + 4, frame.length - transport);
  setU16(frame, transport + place, 0);
  const addresses = isFour
    ? sumOf(frame, ETHERNET + 12, ETHERNET + 20)
    : sumOf(frame, ETHERNET + 8, ETHERNET + 40);
  const pseudo = number === protocol.icmp ? 0 : addresses + number + frame.length - transport;
  setU16(frame, transport + place, ~folded(sumOf(frame, transport, frame.length, pseudo)));
}

/** A datagram of IPv4 or IPv6 in pieces that overlap, are missing, or are tiny. */
function pieces(frame: Uint8Array, random: Random): Uint8Array[] {
  const { version } = layoutOf(frame);
  if (version === 0) return [frame];
  const head = ETHERNET + (version === 4 ? 20 : 40);
  const body = frame.subarray(head);
  const identification = random.u32();
  const made: Uint8Array[] = [];
  const step = 8 * (1 + random.below(8));
  for (let at = 0; at < body.length; at += step) {
    const from = Math.max(0, at - (random.below(4) === 0 ? 8 : 0));
    const part = body.subarray(from, at + step);
    const more = at + step < body.length !== (random.below(16) === 0);
    const offset = random.below(32) === 0 ? 0xfff8 : from;
    if (random.below(16) === 0) continue;
    if (version === 4) {
      const piece = concat(frame.subarray(0, head), part);
      setU16(piece, ETHERNET + 4, identification & 0xffff);
      setU16(piece, ETHERNET + 6, (more ? 0x2000 : 0) | (offset >> 3));
      made.push(piece);
    } else {
      const extension = new Uint8Array(8);
      extension[0] = frame[ETHERNET + 6]!;
      setU16(extension, 2, offset | (more ? 1 : 0));
      setU16(extension, 4, identification >>> 16);
      setU16(extension, 6, identification & 0xffff);
      const piece = concat(frame.subarray(0, head), extension, part);
      piece[ETHERNET + 6] = 44;
      made.push(piece);
    }
  }
  for (const piece of made) {
    setU16(piece, ETHERNET + (version === 4 ? 2 : 4), piece.length - ETHERNET - (version === 4 ? 0 : 40));
    if (version !== 4) continue;
    setU16(piece, ETHERNET + 10, 0);
    setU16(piece, ETHERNET + 10, ~folded(sumOf(piece, ETHERNET, head)));
  }
  return random.below(3) === 0 ? made.reverse() : made;
}

/** What goes in the place of a good frame: one or several that are wrong somewhere. */
export function mutated(good: Uint8Array, random: Random, words: readonly Uint8Array[] = []): Uint8Array[] {
  const hardware = good.slice(0, 12);
  let frame: Uint8Array = good.slice();
  for (let times = 1 + random.below(3); times > 0; times--) {
    const { fields, payload } = layoutOf(frame);
    if (payload < frame.length && random.below(3) === 0) frame = changePayload(frame, payload, random, words);
    else changeField(frame, pick(random, fields), random, fields);
  }
  if (random.below(24) === 0) frame = frame.slice(0, 1 + random.below(frame.length));
  // To the right machine, mostly: else nobody looks at it.
  if (random.below(24) !== 0 && frame.length >= 12) frame.set(hardware);
  repair(frame, random);
  if (random.below(12) === 0) return pieces(frame, random);
  return random.below(12) === 0 ? [frame, frame] : [frame];
}
