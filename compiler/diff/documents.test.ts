/** Objects of a store may come from anywhere. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Digest } from "../store/digest.ts";
import { compareBuilds } from "./diff.ts";
import {
  board,
  code,
  config,
  contents,
  functions,
  iface,
  readObject,
  recipe,
  symbols,
  toolchain,
} from "./documents.ts";

const readers = [board, code, config, contents, functions, iface, recipe, symbols, toolchain];
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}`;
const whole = {
  appl: "recipe@1",
  name: "a",
  target: "kvm",
  toolchain: digest("1"),
  board: digest("2"),
  params: [["unit", "7"]],
  modules: [
    { name: "std/x", iface: digest("3"), parts: ["p"], needs: [["n", "std/y"]], config: [digest("4")] },
  ],
  shared: [{ name: "std/z", code: digest("5") }],
  files: [{ path: "f", digest: digest("6"), size: 3 }],
  trees: [{ path: "d", digest: digest("7") }],
  secrets: [{ name: "k", type: "Str", from: "boot:k" }],
};

test("a recipe is read as it was written; what is more in it is left out", () => {
  expect(readObject(recipe, bytes({ ...whole, more: 1 }))).toEqual({
    ...whole,
    modules: [{ ...whole.modules[0]!, code: undefined }],
  });
});

test("any bytes are an object of that kind or none", () => {
  const any = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc
      .record({ appl: fc.constantFrom("config@1", "code@1", "iface@1", "board@1"), rows: fc.anything() })
      .map(bytes),
  );
  fc.assert(
    fc.property(any, (input) => {
      for (const reader of readers) readObject<unknown>(reader, input);
    }),
  );
});

test("a recipe with something in a wrong place is none, or is compared", () => {
  const keys = Object.keys(whole) as (keyof typeof whole)[];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const changed = { ...whole, [key]: value };
      const objects = new Map([
        [digest("a"), bytes(whole)],
        [digest("b"), bytes(changed)],
      ]);
      const side = (own: Digest) => ({
        build: { recipe: own, contents: own, image: own, manifest: own, report: own },
      });
      const { difference } = compareBuilds(side(digest("a")), side(digest("b")), {
        blob: (at) => objects.get(at),
      });
      expect(["different", "unexplained"]).toContain(difference.verdict);
    }),
  );
});
