import { expect, test } from "vitest";
import { type Digest, pureSha256 } from "./digest.ts";
import { digestsIn, reach } from "./reach.ts";

const digest = (text: string): Digest => `sha256:${pureSha256(new TextEncoder().encode(text))}`;
const [a, b, c, d] = ["a", "b", "c", "d"].map(digest) as [Digest, Digest, Digest, Digest];

test("all that documents name is reached, each looked at once, circles too", () => {
  const texts = new Map([
    [a, `{"x":"${b}","y":["${c}"]}`],
    [b, `{"x":"${c}"}`],
    [c, `{"x":"${a}"}`],
    [d, ""],
  ]);
  const read: Digest[] = [];
  const reached = reach([a], (name) => {
    read.push(name);
    return texts.get(name);
  });
  expect([...reached]).toEqual([a, b, c]);
  expect(read).toEqual([a, b, c]);
});

test("a long chain is no deep recursion", () => {
  let next = 0;
  const reached = reach([digest("0")], () => (next < 50_000 ? `"${digest(String(++next))}"` : undefined));
  expect(reached.size).toBe(50_001);
});

test("digests are found by their form", () => {
  expect(digestsIn(`use x ${a}\nuse y sha256:abc ${b}.`)).toEqual([a, b]);
  expect(digestsIn("")).toEqual([]);
});
