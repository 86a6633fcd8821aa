/** Addresses as programs have them, in two halves of 64 bits (stdlib/net/datagrams.ts), and as texts. */
import { isIPv6 } from "node:net";

export interface Halves {
  /** IPv4: 0. */
  readonly high: bigint;
  readonly low: bigint;
}

/** Both 0 is any address of IPv4. */
export function addressText(high: bigint, low: bigint): string {
  const [upper, lower] = [BigInt.asUintN(64, high), BigInt.asUintN(64, low)];
  if (upper === 0n) return [24n, 16n, 8n, 0n].map((shift) => (lower >> shift) & 255n).join(".");
  const groups = [upper, lower].flatMap((half) =>
    [48n, 32n, 16n, 0n].map((shift) => ((half >> shift) & 0xffffn).toString(16)),
  );
  return groups.join(":");
}

/** Of an address as Node gives it; the name of an interface behind `%` is left out. */
export function addressHalves(text: string): Halves {
  if (!isIPv6(text))
    return { high: 0n, low: text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
  const [before, after] = text.replace(/%.*/, "").split("::") as [string, string | undefined];
  const first = groupsOf(before);
  const last = groupsOf(after ?? "");
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0n);
  const groups = [...first, ...zeros, ...last];
  const number = (from: number) =>
    groups.slice(from, from + 4).reduce((value, group) => (value << 16n) | group, 0n);
  return { high: number(0), low: number(4) };
}

const groupsOf = (text: string): bigint[] =>
  text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));
