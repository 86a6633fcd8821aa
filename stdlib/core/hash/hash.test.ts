/** Hashes and authentication codes, against those of Node. */
import { createHash, createHmac } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

let program: AsInstance;
beforeAll(async () => {
  program = await loadAs({ entry: "stdlib/core/hash/testing/entry.ts" });
});

const pattern = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, n) => (n * 31 + seed * 7 + (n >> 8)) & 255);
const put = (at: string, bytes: Uint8Array) => program.view(program.exports[at](), bytes.length).set(bytes);
const result = (size: number) =>
  Buffer.from(program.view(program.exports["outputAt"](), size)).toString("hex");

const hashes = [
  ["sha256", 32],
  ["sha384", 48],
  ["sha512", 64],
] as const;

test.each(hashes)("%s of every length around its blocks, in parts of any size", (name, size) => {
  for (const length of [
    0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 255, 256, 1000, 65_000,
  ]) {
    const bytes = pattern(length, size);
    put("inputAt", bytes);
    for (const step of length > 2000 ? [4096] : [1, 7, 64, 100, 2000]) {
      program.exports["hash"](size, length, step);
      expect(result(size), `${length} by ${step}`).toBe(createHash(name).update(bytes).digest("hex"));
    }
  }
});

test.each(hashes)("HMAC with %s, for keys up to a block long", (name, size) => {
  for (const keyLength of [0, 16, 32, 63, 64]) {
    const key = pattern(keyLength, 3);
    const bytes = pattern(300, keyLength);
    put("keyAt", key);
    put("inputAt", bytes);
    program.exports["hmac"](size, keyLength, bytes.length);
    expect(result(size)).toBe(createHmac(name, key).update(bytes).digest("hex"));
  }
});
