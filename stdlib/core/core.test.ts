import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

const program = `
import { Bytes } from "./bytes";
import { double, folded, foldedNumber, halves, word } from "./checksum";
import { believable } from "./wall";
import { Pool } from "./pool";
import { sumsOf } from "./sums";
import { equalsFolded, hashFolded, hashFoldedIn } from "./fold";
const memory = new StaticArray<u8>(1024);
const a = new Bytes(memory, 0, 512);
const b = new Bytes(memory, 512, 512);
export function timeOfDay(time: u64): u64 { return believable(time); }
export function place(): usize { return changetype<usize>(memory); }
export function copy(to: u32, from: u32, count: u32): void { a.copy(to, b, from, count); }
export function equals(at: u32, other: u32, count: u32): bool { return a.equals(at, b, other, count); }
export function checksum(at: u32, count: u32): u32 { return folded(a.sum(at, count, 0)); }
export function checksum20(at: u32): u32 { return folded(a.sum20(at)); }
export function checksumOfNumbers(first: u64, second: u64): u32 { return foldedNumber(halves(first) + halves(second)); }
export function checksumOfBoth(short: u32, long: u32): u32 { return folded(word(short) + double(long)); }
export function setBe48(at: u32, value: u64): void { a.setBe48(at, value); }
export function be48(at: u32): u64 { return a.be48(at); }
export function hash(at: u32, count: u32): u64 { return hashFolded(a, at, count); }
export function hashIn(at: i32, count: i32): u64 { return hashFoldedIn(memory, at, count); }
const large = new StaticArray<u8>(4096);
const all = new Bytes(large, 0, 4096);
export function largePlace(): usize { return changetype<usize>(large); }
/** Sums of all of it, and with them the checksum of a part. */
export function checksumOfPart(at: u32, count: u32): u32 { return folded(sumsOf(all, all)!.of(at, count)); }
export function find(value: u32, from: u32, end: u32): u32 { return a.find(value, from, end); }
export function findControl(from: u32, end: u32): u32 { return a.findControl(from, end); }
class Thing { number: u64 = 7; next: Thing | null = null; }
const things = new Pool<Thing>(new Thing(), 3);
/** Takes one, looks at its number and writes another into it; 0: there is none. */
export function takeThing(): u64 {
  const thing = things.next();
  if (thing == null) return 0;
  const before = thing.number;
  thing.number = 99;
  thing.next = thing;
  return before;
}
export function same(at: u32, small: u32, count: u32): bool { return equalsFolded(a, at, b, small, count); }
`;

let as: AsInstance;
let memory: Uint8Array;

beforeAll(async () => {
  as = await loadAs({ entry: "stdlib/core/test-core.ts", files: { "stdlib/core/test-core.ts": program } });
  memory = as.view(as.exports["place"](), 1024);
});

/** RFC 1071 as it is written: 16 bits at a time. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

const lower = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
const bytes = (options: fc.IntArrayConstraints = {}) => fc.uint8Array({ maxLength: 80, ...options });

test("the sum of bytes is that of RFC 1071, at every length and offset", () => {
  fc.assert(
    fc.property(bytes(), fc.nat(64), (data, at) => {
      memory.set(data, at);
      expect(as.exports["checksum"](at, data.length)).toBe(checksum(data));
    }),
  );
  memory.fill(255, 0, 64);
  expect(as.exports["checksum"](0, 60)).toBe(0xffff);
  expect(as.exports["checksum20"](0)).toBe(0xffff);
});

test("20 bytes, and numbers, have the same sum", () => {
  fc.assert(
    fc.property(bytes({ minLength: 20, maxLength: 20 }), (data) => {
      memory.set(data);
      expect(as.exports["checksum20"](0)).toBe(checksum(data));
      const view = new DataView(data.buffer, data.byteOffset);
      const [first, second] = [view.getBigUint64(0), view.getBigUint64(8)];
      expect(as.exports["checksumOfNumbers"](first, second)).toBe(checksum(data.subarray(0, 16)));
      expect(as.exports["checksumOfBoth"](view.getUint16(0), view.getUint32(2))).toBe(
        checksum(data.subarray(0, 6)),
      );
    }),
  );
});

test("a copy is whole and touches nothing else", () => {
  fc.assert(
    fc.property(bytes(), fc.nat(64), fc.nat(64), (data, to, from) => {
      memory.fill(0xee, 0, 512);
      memory.set(data, 512 + from);
      as.exports["copy"](to, from, data.length);
      expect(memory.subarray(to, to + data.length)).toEqual(data);
      expect(as.exports["equals"](to, from, data.length)).toBe(1);
      expect(memory.subarray(0, to).every((byte) => byte === 0xee)).toBe(true);
      expect(memory.subarray(to + data.length, 512).every((byte) => byte === 0xee)).toBe(true);
    }),
  );
});

test("a copy out of bounds traps before it writes", () => {
  memory.fill(1, 0, 512);
  for (const [to, from, count] of [
    [505, 0, 8],
    [0, 505, 8],
    [0, 0, 513],
    [0xffffffff, 0, 1],
    [0, 0xfffffff8, 16],
  ])
    expect(() => as.exports["copy"](to, from, count)).toThrow(WebAssembly.RuntimeError);
  expect(memory.subarray(0, 512).every((byte) => byte === 1)).toBe(true);
});

test("hardware addresses are written and read as six bytes", () => {
  memory.fill(0xee, 0, 16);
  as.exports["setBe48"](1, 0x0123456789abn);
  expect(Buffer.from(memory.subarray(0, 8)).toString("hex")).toBe("ee0123456789abee");
  expect(as.exports["be48"](1)).toBe(0x0123456789abn);
});

test("a hash does not know the case of letters, and neither does the comparison with small letters", () => {
  fc.assert(
    fc.property(bytes(), fc.nat(40), (data, at) => {
      memory.set(data, at);
      memory.set(lower(data), 512 + at);
      const hash = as.exports["hash"](at, data.length);
      expect(as.exports["same"](at, at, data.length)).toBe(1);
      expect(as.exports["hashIn"](512 + at, data.length)).toBe(hash);
    }),
  );
});

test("one different byte is seen, wherever it is, unless it is a letter of the other case", () => {
  fc.assert(
    fc.property(
      bytes({ minLength: 1 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (data, place, difference) => {
        const small = lower(data);
        memory.set(small, 512);
        const other = small.slice();
        other[place % data.length]! ^= difference;
        memory.set(other);
        const isSame = Buffer.compare(lower(other), small) === 0;
        expect(as.exports["same"](0, 0, data.length)).toBe(isSame ? 1 : 0);
      },
    ),
    { numRuns: 500 },
  );
});

test("names that differ in one digit have different hashes in both halves", () => {
  const seen = new Set<bigint>();
  const upper = new Set<bigint>();
  for (let n = 0; n < 10_000; n++) {
    const name = Buffer.from(`host-${n}.example.org`);
    memory.set(name);
    const hash = BigInt.asUintN(64, as.exports["hash"](0, name.length));
    seen.add(hash & 0xffffn);
    upper.add(hash >> 32n);
  }
  expect(upper.size).toBeGreaterThan(9_990);
  // As many of 65,536 places as chance would take: 65,536 (1 - e^(-10,000/65,536)).
  expect(seen.size).toBeGreaterThan(9_000);
});

test("a clock that shows a day before 2020 was never set", () => {
  const first = BigInt(Date.UTC(2020, 0)) * 1_000_000n;
  expect(as.exports["timeOfDay"](0n)).toBe(0n);
  expect(as.exports["timeOfDay"](first - 1n)).toBe(0n);
  expect(as.exports["timeOfDay"](first)).toBe(first);
});

test("sums that were made before give the checksum of every part", () => {
  const bytes = as.view(as.exports["largePlace"](), 4096);
  fc.assert(
    fc.property(fc.nat(4096), fc.nat(4096), fc.integer(), (one, other, seed) => {
      for (let n = 0, state = seed; n < bytes.length; n++) {
        state = Math.imul(state, 1103515245) + 12345;
        bytes[n] = state >>> 24;
      }
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      // Both are 0 in one's complement.
      const plain = (sum: number) => (sum === 0xffff ? 0 : sum);
      expect(plain(as.exports["checksumOfPart"](from, to - from))).toBe(
        plain(checksum(bytes.slice(from, to))),
      );
    }),
    { numRuns: 300 },
  );
});

test("a byte and a control character are found eight bytes at a time as they are one at a time", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(13, 32, 127, 128)), {
        maxLength: 40,
      }),
      fc.nat(8),
      fc.constantFrom(0, 13, 32, 37, 127, 128, 255),
      (bytes, from, value) => {
        memory.set(bytes);
        const end = bytes.length;
        const found = (is: (c: number) => boolean) => {
          const at = bytes.findIndex((c, n) => n >= from && is(c));
          return at < 0 ? end : at;
        };
        expect(as.exports["find"](value, from, end)).toBe(found((c) => c === value));
        expect(as.exports["findControl"](from, end)).toBe(found((c) => c < 32 || c === 127));
      },
    ),
  );
});

test("a pool makes as many objects as there is room for, each as its model is", () => {
  expect(Array.from({ length: 5 }, () => as.exports["takeThing"]())).toEqual([7n, 7n, 7n, 0n, 0n]);
});
