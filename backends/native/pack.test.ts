import fc from "fast-check";
import { expect, test } from "vitest";
import { type Piece, packBytes, packPieces } from "./pack.ts";
import { PAGE, snapshotPages } from "./snapshot.ts";

/** What boot code does, in TypeScript: reads nothing that was not written before, and nothing behind the end. */
function unpack(stream: Uint8Array, size: number): Uint8Array {
  const memory = new Uint8Array(size);
  const written = new Uint8Array(size);
  let [from, to] = [0, 0];
  const byte = () => {
    if (from >= stream.length) throw new Error("the stream has ended");
    return stream[from++]!;
  };
  const more = (value: number, most: number) => {
    for (let last = value === most ? 255 : 0; last === 255; ) value += last = byte();
    return value;
  };
  const put = (value: number) => {
    written[to] = 1;
    memory[to++] = value;
  };
  for (;;) {
    const token = byte();
    for (let n = more(token >> 5, 7); n > 0; n--) put(byte());
    const distance = byte() | (token & 16 ? byte() << 8 : 0);
    if (distance === 0) {
      to += byte() | (byte() << 8) | (byte() << 16);
      if (from === stream.length) return memory;
      continue;
    }
    for (let n = more(token & 15, 15) + 2; n > 0; n--) {
      if (written[to - distance] !== 1) throw new Error(`${to - distance} was never written`);
      put(memory[to - distance]!);
    }
  }
}

/** Words that come again, zeros, and noise. */
const content = fc
  .array(
    fc.oneof(
      fc.constantFrom("HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n").map((text) => Buffer.from(text)),
      fc.integer({ min: 1, max: 700 }).map((size) => Buffer.alloc(size)),
      fc.uint8Array({ maxLength: 300 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

test("what is packed comes out again", () => {
  fc.assert(
    fc.property(content, (bytes) => {
      expect(unpack(packBytes(bytes), bytes.length)).toEqual(bytes);
    }),
  );
});

test("pieces come to their places, however far from one another", () => {
  const gap = fc.oneof(fc.nat(2 * PAGE), fc.constantFrom(0xff_ffff, 0x100_0000, 0x210_0000));
  fc.assert(
    fc.property(fc.array(fc.tuple(gap, content), { maxLength: 6 }), (parts) => {
      const pieces: Piece[] = [];
      let at = 0;
      for (const [space, bytes] of parts) {
        pieces.push({ at: at + space, bytes });
        at += space + bytes.length;
      }
      const expected = new Uint8Array(at);
      for (const { at: place, bytes } of pieces) expected.set(bytes, place);
      expect(Buffer.compare(unpack(packPieces(pieces), at), expected)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test("pages of a snapshot are packed or stored, each byte once", () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 8 }), fc.nat(8 * PAGE), (parts, space) => {
      const memory = new Uint8Array(16 * PAGE + 1);
      let at = 0;
      for (const bytes of parts) {
        memory.set(bytes.subarray(0, Math.max(0, memory.length - at)), at);
        at = Math.min(memory.length, at + bytes.length + space);
      }
      const { runs, pages, packed } = snapshotPages(memory);
      const seen = unpack(packed[0]!.bytes, memory.length);
      for (const { first, end, index } of runs) {
        expect(seen.subarray(first * PAGE, end * PAGE).some((byte) => byte !== 0)).toBe(false);
        const stored = pages.subarray(index * PAGE, (index + end - first) * PAGE);
        seen.set(stored.subarray(0, memory.length - first * PAGE), first * PAGE);
      }
      expect(Buffer.compare(seen, memory)).toBe(0);
    }),
    { numRuns: 50 },
  );
});

test("heads of answers take a third, and noise hardly more than itself", () => {
  const heads = Array.from(
    { length: 20 },
    (_, n) => `HTTP/1.1 ${400 + n} Status ${n}\r\nContent-Type: text/plain\r\nContent-Length: ${n}\r\n\r\n`,
  );
  const text = Buffer.from(heads.join(""));
  expect(packBytes(text).length).toBeLessThan(text.length / 3);
  let seed = 1;
  const noise = Uint8Array.from({ length: 4000 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 24;
  });
  expect(packBytes(noise).length).toBeLessThan(4030);
});
