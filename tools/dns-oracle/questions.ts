import type { OracleZone } from "./nsd.ts";
import { oddities } from "./oddities.ts";
import { type Edns, message } from "./query.ts";
import { join, ownersOf, wireName } from "./zones.ts";

/** A message to be sent to both servers. */
export interface Question {
  /** What it asks, for the report of a difference. */
  readonly title: string;
  readonly bytes: Uint8Array;
  /** NSD limits its errors to 100 a second: such messages are asked one after the other. */
  readonly slow?: boolean;
}

/** Not NSEC3: for it NSD does not follow a CNAME. */
export const TYPES = [
  1, 2, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 26, 28, 29, 33, 35, 36, 37, 39, 43, 44, 48, 49, 52,
  53, 59, 60, 61, 64, 65, 99, 104, 105, 106, 107, 108, 109, 255, 256, 257, 731, 65280, 41, 46, 47, 249, 250,
  253, 254, 0, 65535,
] as const;
const COMMON = [1, 28, 15, 16, 2, 5, 6, 43, 255] as const;

/** A repeatable source of numbers below `limit` (mulberry32). */
export function chance(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

/** Thousands of questions: all types at all names, and what lies beside, above and below them; then what is not a good question. */
export function questions(zones: readonly OracleZone[], seed = 1): Question[] {
  const next = chance(seed);
  const out: Question[] = [];
  const variants: (Edns | undefined)[] = [
    undefined,
    { size: 1232 },
    { size: 4096, dnssec: true },
    { size: 512 },
    { size: 100 },
    { size: 1400 },
    { size: 1232, options: [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8] },
    { size: 800, options: [0xff, 0xfe, 0, 0] },
  ];
  const ask = (name: Uint8Array, type: number): void => {
    if (name.length > 255) return;
    const edns = variants[next(variants.length)];
    const cased = next(4) === 0 ? mixedCase(name, next) : name;
    out.push({
      title: `${text(name)} ${type} ${JSON.stringify(edns ?? "")}`,
      bytes: message(cased, type, { ...(edns && { edns }), recursion: next(3) === 0 }),
    });
  };
  for (const zone of zones) {
    const owners = ownersOf(zone).filter(
      (name) => zone.name !== "big.test" || !/^.(ns|host)\d/.test(text(name)),
    );
    for (const owner of owners) {
      for (const type of TYPES) ask(owner, type);
      for (const near of neighbours(owner, next)) for (const type of COMMON) ask(near, type);
    }
  }
  for (const name of [
    ".",
    "com.",
    "example.net.",
    "org.",
    "xample.org.",
    "eexample.org.",
    "arpa.",
    "in-addr.arpa.",
    "tes.",
    "*.",
  ]) {
    for (const type of COMMON) ask(wireName(name), type);
  }
  return [...out, ...oddities()];
}

/** Names that are not there, or only by a wildcard, a delegation or a DNAME. */
function neighbours(name: Uint8Array, next: (limit: number) => number): Uint8Array[] {
  const first = name[0]!;
  const parent = name.subarray(first + 1);
  const long = Uint8Array.from([63, ...Array.from({ length: 63 }, () => 97 + next(26)), 0]);
  return [
    join(wireName("x."), name),
    join(wireName("*."), name),
    join(wireName("a.b.c."), name),
    ...(parent.length > 0
      ? [parent, join(wireName("zz."), parent), join(wireName("*."), parent), join(wireName("a.y."), parent)]
      : []),
    join(long, join(long, join(long, name))),
  ];
}

function mixedCase(name: Uint8Array, next: (limit: number) => number): Uint8Array {
  return name.map((byte) => (byte >= 97 && byte <= 122 && next(2) === 0 ? byte - 32 : byte));
}

function text(name: Uint8Array): string {
  return Buffer.from(name)
    .toString("latin1")
    .replace(/[^\x21-\x7e]/g, ".");
}
