import fc from "fast-check";
import { expect, test } from "vitest";
import {
  keyName,
  readPublicKey,
  readSecretKey,
  readSignature,
  writePublicKey,
  writeSecretKey,
  writeSignature,
} from "./format.ts";
import { lockedKey, newKey, openedKey, publicKeyOf, scryptOptions } from "./keys.ts";
import { signed, unsigned } from "./sign.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const never = () => Promise.reject(new Error("nobody should ask for a password"));
const fixed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const comment = fc.string({ unit: "grapheme-ascii", maxLength: 60 });

// Written by minisign 0.11: `minisign -G -W`, `minisign -S -t "hi there"` of "hello\n", the same with `-l`.
const theirs = {
  public: `untrusted comment: minisign public key E93CCF500B963070
RWRwMJYLUM886fWj0kaJ9XKq5MlaWJuwjcO/InvGflq2HL4HaNGOG+ng
`,
  secret: `untrusted comment: minisign encrypted secret key
RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcDCWC1DPPOmgmn0TuIDAYd7DJB+F370fU3A1QuKEKKY6DCNMlR5hjfWj0kaJ9XKq5MlaWJuwjcO/InvGflq2HL4HaNGOG+ngAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
`,
  signature: `untrusted comment: signature from minisign secret key
RURwMJYLUM886Qf352jvrPr54Z0plL8jbNAZUAOJlT5cAALe8sTuzvielfmNq2fGW3PDLiWeI521/Gp1JOU34fXc4+e6qxh1NA8=
trusted comment: hi there
sW7ropROMY2KqIVft+Kvb708KQtjqNDVARazChoTT77+eB68UPQH5Dn+6a1bMiv//xLOcPCSImpKAeErrf/eAw==
`,
};

function read<T extends object>(found: T | { readonly reason: string }): T {
  if ("reason" in found) throw new Error(found.reason);
  return found;
}

test("what minisign has written is read", async () => {
  const key = read(readPublicKey(bytes(theirs.public)));
  expect(keyName(key.id)).toBe("E93CCF500B963070");
  const secret = read(await openedKey(read(readSecretKey(bytes(theirs.secret))), never));
  expect(writePublicKey(publicKeyOf(secret))).toBe(theirs.public);
  const signature = read(readSignature(bytes(theirs.signature)));
  expect(signature).toMatchObject({ prehashed: true, comment: "hi there" });
  expect(unsigned(bytes("hello\n"), signature, key)).toBeUndefined();
  expect(unsigned(bytes("hello"), signature, key)).toEqual({ reason: "it is not what was signed" });
});

test("the same key, bytes and comment give minisign's own signature", async () => {
  const secret = read(await openedKey(read(readSecretKey(bytes(theirs.secret))), never));
  const ours = writeSignature(signed(bytes("hello\n"), "hi there", secret)).split("\n");
  expect(ours.slice(1)).toEqual(theirs.signature.split("\n").slice(1));
});

test("what is written is read again", () => {
  fc.assert(
    fc.property(fixed(8), fixed(32), fixed(104), fc.boolean(), (id, key, box, locked) => {
      expect(Buffer.from(read(readPublicKey(bytes(writePublicKey({ id, key })))).key)).toEqual(
        Buffer.from(key),
      );
      const kdf = locked ? { salt: key, operations: 1n << 25n, memory: 7n } : undefined;
      const again = read(readSecretKey(bytes(writeSecretKey({ kdf, box }))));
      expect({ ...again.kdf }).toEqual(kdf === undefined ? {} : { ...kdf, salt: Buffer.from(key) });
      expect(Buffer.from(again.box)).toEqual(Buffer.from(box));
    }),
  );
  fc.assert(
    fc.property(fixed(8), fixed(64), comment, fc.boolean(), (id, part, said, prehashed) => {
      const signature = { prehashed, id, signature: part, comment: said, whole: part };
      expect(read(readSignature(bytes(writeSignature(signature))))).toMatchObject({
        prehashed,
        comment: said,
      });
    }),
  );
});

test("nothing but what was signed by this key with this comment is taken for it", () => {
  const key = newKey();
  const [known, text] = [publicKeyOf(key), bytes("a manifest")];
  const signature = signed(text, "said", key);
  expect(unsigned(text, signature, known)).toBeUndefined();
  expect(unsigned(text, { ...signature, comment: "other" }, known)).toEqual({
    reason: "the comment of its signature was changed",
  });
  expect(unsigned(text, signature, publicKeyOf(newKey()))!.reason).toMatch(
    /^it was signed with the key [0-9A-F]{16}, and/,
  );
  expect(unsigned(text, { ...signature, prehashed: false }, known)).toBeDefined();
  const flip = (of: Uint8Array, bit: number) =>
    of.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
  fc.assert(
    fc.property(fc.nat(511), fc.constantFrom("signature", "whole"), (bit, part) => {
      expect(
        unsigned(text, { ...signature, [part]: flip(signature[part as "whole"], bit) }, known),
      ).toBeDefined();
    }),
    { numRuns: 60 },
  );
  // The key that is the neutral element signs everything, if one is not strict.
  const weak = { id: known.id, key: Uint8Array.from([1, ...new Uint8Array(31)]) };
  const anything = { ...signature, signature: Uint8Array.from([1, ...new Uint8Array(63)]) };
  expect(unsigned(text, anything, weak)).toBeDefined();
});

test("whatever comes, it is read or there is a reason, and it is short", () => {
  const pieces = [...Object.values(theirs), ...Object.values(theirs).flatMap((text) => text.split("\n"))];
  const text = fc.oneof(
    fc
      .array(fc.constantFrom("\n", "\r\n", "\0", " ", "=", "untrusted comment: ", ...pieces), {
        maxLength: 9,
      })
      .map((all) => all.join("")),
    fc
      .tuple(fc.constantFrom(...pieces), fc.nat(400), fc.nat(9), fc.string({ unit: "binary", maxLength: 3 }))
      .map(([of, at, cut, put]) => of.slice(0, at) + put + of.slice(at + cut)),
  );
  fc.assert(
    fc.property(fc.oneof(text.map(bytes), fc.uint8Array({ maxLength: 400 })), (input) => {
      for (const parse of [readPublicKey, readSecretKey, readSignature]) {
        const found = parse(input);
        if ("reason" in found) expect(found.reason).toMatch(/^[\w ,-]{5,60}$/);
      }
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ["a public key for a secret one", readSecretKey, theirs.public, "it is a public key"],
  ["a secret key for a public one", readPublicKey, theirs.secret, "it is a secret key"],
  [
    "a public key for a signature",
    readSignature,
    theirs.public,
    "a signature is two comments and two lines of base64",
  ],
  ["too much", readSignature, theirs.signature.repeat(100), "it is too large"],
  [
    "a comment that moves the cursor",
    readSignature,
    theirs.signature.replace("hi", "\x1b[2J"),
    "its comment has characters that cannot be seen",
  ],
  [
    "base64 with a blank",
    readPublicKey,
    theirs.public.replace("RWRw", "RWRw "),
    "its key is of no kind that we know",
  ],
])("%s is told", (_, parse, text, reason) => {
  expect(parse(bytes(text))).toEqual({ reason });
});

test("a password opens what it has locked, and no other one does", async () => {
  const key = newKey();
  const file = read(readSecretKey(bytes(writeSecretKey(await lockedKey(key, "correct horse")))));
  expect(read(await openedKey(file, async () => "correct horse"))).toEqual({
    id: Buffer.from(key.id),
    seed: Buffer.from(key.seed),
  });
  expect(await openedKey(file, async () => "correct hors")).toEqual({ reason: "the password is wrong" });
});

test("a file may not ask for more than minisign does, and a damaged one is told", async () => {
  const { box } = await lockedKey(newKey(), undefined);
  for (const kdf of [
    { salt: box.subarray(0, 32), operations: 1n << 60n, memory: 1n },
    { salt: box.subarray(0, 32), operations: 1n, memory: (1n << 30n) + 1n },
  ])
    expect(await openedKey({ kdf, box }, never)).toHaveProperty("reason");
  expect(
    await openedKey({ kdf: undefined, box: box.map((byte, at) => (at === 9 ? byte ^ 1 : byte)) }, never),
  ).toEqual({
    reason: "it is damaged",
  });
});

test("libsodium's costs as scrypt's: sensitive, interactive, and the least", () => {
  expect(scryptOptions({ operations: 1n << 25n, memory: 1n << 30n })).toEqual({ N: 2 ** 20, r: 8, p: 1 });
  expect(scryptOptions({ operations: 1n << 19n, memory: 1n << 24n })).toEqual({ N: 2 ** 14, r: 8, p: 1 });
  expect(scryptOptions({ operations: 0n, memory: 1n << 30n })).toEqual({ N: 2 ** 10, r: 8, p: 1 });
});
