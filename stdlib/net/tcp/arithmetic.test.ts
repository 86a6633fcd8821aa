/** Hashes and roots: the parts of TCP that are only computation. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { Peer, tcpProgram } from "#tools/tcp-peers";

let exports: Peer["server"]["exports"];
beforeAll(async () => {
  exports = new Peer(await tcpProgram(), 7).server.exports;
});

const mask = (1n << 64n) - 1n;
const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & mask;
const word = (bytes: Uint8Array, at: number) =>
  bytes.slice(at, at + 8).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** SipHash-2-4 as its paper describes it, of bytes. */
function sipHash(key: Uint8Array, message: Uint8Array): bigint {
  const [k0, k1] = [word(key, 0), word(key, 8)];
  let v0 = k0 ^ 0x736f6d6570736575n;
  let v1 = k1 ^ 0x646f72616e646f6dn;
  let v2 = k0 ^ 0x6c7967656e657261n;
  let v3 = k1 ^ 0x7465646279746573n;
  const round = () => {
    v0 = (v0 + v1) & mask;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & mask;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & mask;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & mask;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  const padded = new Uint8Array((message.length & ~7) + 8);
  padded.set(message);
  padded[padded.length - 1] = message.length;
  for (let at = 0; at < padded.length; at += 8) {
    const m = word(padded, at);
    v3 ^= m;
    round();
    round();
    v0 ^= m;
  }
  v2 ^= 0xffn;
  for (let n = 0; n < 4; n++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

const counting = (length: number) => Uint8Array.from({ length }, (_, n) => n);

test("SipHash-2-4 gives what its paper says, and ours the same of four words", () => {
  // Appendix A of the paper: bytes 0 to 14 under the key of bytes 0 to 15.
  expect(sipHash(counting(16), counting(15))).toBe(0xa129ca6149be45e5n);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 48, maxLength: 48 }), (bytes) => {
      const [key, message] = [bytes.slice(0, 16), bytes.slice(16)];
      exports["useKey"](word(key, 0), word(key, 8));
      const ours = exports["hashed"](...[0, 8, 16, 24].map((at) => word(message, at)));
      expect(BigInt.asUintN(64, ours)).toBe(sipHash(key, message));
    }),
  );
});

test("the cube root is the largest number whose cube is not larger", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 62n }), (value) => {
      const root = exports["cubeRoot"](value) as bigint;
      expect(root ** 3n <= value && (root + 1n) ** 3n > value).toBe(true);
    }),
  );
});
