import { expect, test } from "vitest";
import type { KeptSection } from "#codegen";
import { MemoryBlobs } from "../store/blobs.ts";
import { Store } from "../store/store.ts";
import { FunctionPacks } from "./function-pack.ts";

/** Code of a function; equal for equal keys. */
const codeOf = (key: string): readonly KeptSection[] => [
  {
    name: "function ",
    access: "rx",
    align: 16,
    bytes: new TextEncoder().encode(key),
    size: key.length,
    symbols: [{ name: "wasm.function.0", offset: 0 }],
    relocations: [{ offset: 1, kind: "rel32", symbol: "rt.memory_grow", addend: -4 }],
    lines: [[0, 0, 2]],
  },
];

const packs = (blobs: MemoryBlobs, tool = "sha256:one"): FunctionPacks =>
  new FunctionPacks(new Store({ blobs, tool }), "x86-64");

/** A build of a program with these functions; gives those that it had to make. */
function build(keys: readonly string[], from: FunctionPacks): string[] {
  const made = keys.filter((key) => from.get(key) === undefined);
  for (const key of made) from.put(key, codeOf(key));
  for (const key of keys) expect(from.get(key)).toEqual(codeOf(key));
  from.keep();
  return made;
}

const program = (name: string): string[] => Array.from({ length: 20 }, (_, n) => `${name} ${n}`);

test("functions are there for the next build, whatever program they are in", () => {
  const blobs = new MemoryBlobs();
  expect(build(program("dns"), packs(blobs))).toEqual(program("dns"));
  expect(build(program("dns").with(3, "other"), packs(blobs))).toEqual(["other"]);
  expect(build([...program("web"), "dns 5"], packs(blobs))).toEqual(program("web"));
  expect(build(["dns 3", "other", "web 3"], packs(blobs)), "of programs before the last one").toEqual([
    "dns 3",
  ]);
});

test("another compiler has none of them", () => {
  const blobs = new MemoryBlobs();
  build(program("dns"), packs(blobs));
  expect(build(program("dns"), packs(blobs, "sha256:two"))).toEqual(program("dns"));
});

test("a program that is changed often does not push out another one", () => {
  const blobs = new MemoryBlobs();
  build(program("web"), packs(blobs));
  for (let n = 0; n < 30; n++) build(program("dns").with(0, `change ${n}`), packs(blobs));
  expect(build(program("web"), packs(blobs))).toEqual([]);
});

test("of two builds at once the last one is known, and both are right", () => {
  const blobs = new MemoryBlobs();
  const [one, other] = [packs(blobs), packs(blobs)];
  expect(build(program("dns"), one)).toEqual(program("dns"));
  expect(build(program("web"), other)).toEqual(program("web"));
  expect(build([...program("dns"), ...program("web")], packs(blobs))).toEqual(program("dns"));
});

test("a pack that was collected or is damaged costs time alone", () => {
  const blobs = new MemoryBlobs();
  const written: string[] = [];
  const write = blobs.write.bind(blobs);
  blobs.write = (space, name, bytes) => {
    if (space === "object") written.push(name);
    write(space, name, bytes);
  };
  build(program("dns"), packs(blobs));
  write("object", written[0]!, new Uint8Array([1, 2, 3]));
  expect(build(program("dns"), packs(blobs))).toEqual(program("dns"));
  blobs.remove("object", written[0]!);
  expect(build(program("dns"), packs(blobs))).toEqual(program("dns"));
});
