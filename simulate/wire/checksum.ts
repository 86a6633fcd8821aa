/** The checksum of the Internet: RFC 1071. */

/** The sum of 16-bit words, folded; not complemented. */
export function sum(bytes: Uint8Array, from = 0, to = bytes.length, begin = 0): number {
  let total = begin;
  let at = from;
  for (; at + 1 < to; at += 2) total += bytes[at]! * 256 + bytes[at + 1]!;
  if (at < to) total += bytes[at]! * 256;
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000);
  return total;
}

export function checksum(...parts: readonly Uint8Array[]): number {
  let total = 0;
  for (const part of parts) total = sum(part, 0, part.length, total);
  return ~total & 0xffff;
}

/** As a device does for its driver: the field has the sum of the pseudo header, and gets the checksum of all from `start` on. */
export function completeChecksum(frame: Uint8Array, start: number, offset: number): void {
  const total = ~sum(frame, start) & 0xffff;
  // 0 would say that there is none (RFC 768); other protocols take both.
  const value = total === 0 ? 0xffff : total;
  frame[start + offset] = value >> 8;
  frame[start + offset + 1] = value & 0xff;
}

const [TCP, UDP] = [6, 17];

/** An unfragmented packet of TCP or UDP over IPv4 whose transport checksum is there and right. */
export function hasGoodChecksum(frame: Uint8Array): boolean {
  if (frame.length < 42 || frame[12] !== 8 || frame[13] !== 0 || frame[14]! >> 4 !== 4) return false;
  const payload = 14 + (frame[14]! & 15) * 4;
  const end = 14 + frame[16]! * 256 + frame[17]!;
  const protocol = frame[23]!;
  const isFragment = ((frame[20]! & 0x3f) | frame[21]!) !== 0;
  if (isFragment || payload < 34 || payload + 8 > end || end > frame.length) return false;
  if (protocol === UDP && frame[payload + 6] === 0 && frame[payload + 7] === 0) return false;
  if (protocol !== TCP && protocol !== UDP) return false;
  return sum(frame, 26, 34, sum(frame, payload, end, protocol + end - payload)) === 0xffff;
}
