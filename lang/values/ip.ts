/** Internet addresses as text: RFC 4291 2.2 in, RFC 5952 out. */
import { fault, type Parsed, parsed, shifted } from "./fault.ts";
import type { IpValue } from "./value.ts";

export type Family = 4 | 6;

export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128);

export const ip4 = (bits: bigint): IpValue => ({ kind: "ip", family: 4, bits });
export const ip6 = (bits: bigint): IpValue => ({ kind: "ip", family: 6, bits });

/** Either family. */
export function parseIp(text: string): Parsed<IpValue> {
  return text.includes(":") ? parseIp6(text) : parseIp4(text);
}

export function parseIp4(text: string): Parsed<IpValue> {
  const parts = text.split(".");
  let bits = 0n;
  let at = 0;
  for (const part of parts) {
    const end = at + part.length;
    if (!/^\d+$/.test(part))
      return fault("each part of an IPv4 address is a number", at, Math.max(end, at + 1));
    const value = Number(part);
    if (value > 255)
      return fault(`${part} is above 255, the most that a part of an IPv4 address can be`, at, end);
    if (part.length > 1 && part.startsWith("0"))
      return fault(
        "a part of an IPv4 address has no leading zero: some programs read it as octal",
        at,
        end,
        parts.map((it) => String(Number(it))).join("."),
      );
    bits = (bits << 8n) | BigInt(value);
    at = end + 1;
  }
  if (parts.length !== 4)
    return fault(`an IPv4 address has four parts, and this has ${parts.length}`, 0, text.length);
  return parsed(ip4(bits));
}

const GROUP = /^[0-9a-fA-F]{1,4}$/;

export function parseIp6(text: string): Parsed<IpValue> {
  const gap = text.indexOf("::");
  if (gap !== -1 && text.indexOf("::", gap + 1) !== -1)
    return fault("`::` can stand in an IPv6 address only once", text.indexOf("::", gap + 1), text.length);
  const high = groups(gap === -1 ? text : text.slice(0, gap), 0, gap === -1);
  if (!high.ok) return high;
  const low: Parsed<readonly bigint[]> = gap === -1 ? parsed([]) : groups(text.slice(gap + 2), gap + 2, true);
  if (!low.ok) return low;
  const count = high.value.length + low.value.length;
  if (gap === -1 && count !== 8)
    return fault(`an IPv6 address has eight groups, and this has ${count}`, 0, text.length);
  if (gap !== -1 && count > 7)
    return fault("`::` stands for at least one group, and there are eight already", gap, gap + 2);
  const zeros = new Array<bigint>(8 - count).fill(0n);
  const all = [...high.value, ...zeros, ...low.value];
  return parsed(ip6(all.reduce((bits, group) => (bits << 16n) | group, 0n)));
}

/** Groups between colons; the last may be an IPv4 address that counts for two. */
function groups(text: string, offset: number, mayEndInIp4: boolean): Parsed<readonly bigint[]> {
  if (text === "") return parsed([]);
  const found: bigint[] = [];
  const parts = text.split(":");
  let at = offset;
  for (const [index, part] of parts.entries()) {
    const end = at + part.length;
    if (part.includes(".") && index === parts.length - 1 && mayEndInIp4) {
      const inner = parseIp4(part);
      if (!inner.ok) return shifted(inner.fault, at);
      found.push(inner.value.bits >> 16n, inner.value.bits & 0xffffn);
    } else if (GROUP.test(part)) {
      found.push(BigInt(`0x${part}`));
    } else if (part === "") {
      return fault("a group of the IPv6 address is missing between two colons", Math.max(at - 1, 0), at + 1);
    } else if (/^[0-9a-fA-F]+$/.test(part)) {
      return fault("a group of an IPv6 address has at most four digits", at, end);
    } else {
      return fault("a group of an IPv6 address is a number in hexadecimal", at, end);
    }
    at = end + 1;
  }
  return parsed(found);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two zero groups or more is `::`, IPv4-mapped with dots. */
export function formatIp({ family, bits }: IpValue): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join(".");
  if (bits >> 32n === 0xffffn) return `::ffff:${formatIp(ip4(bits & 0xffff_ffffn))}`;
  const parts = Array.from({ length: 8 }, (_, index) =>
    ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const run = longestRunOfZeros(parts);
  if (run.length < 2) return parts.join(":");
  return `${parts.slice(0, run.start).join(":")}::${parts.slice(run.start + run.length).join(":")}`;
}

function longestRunOfZeros(parts: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (part !== "0") start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
