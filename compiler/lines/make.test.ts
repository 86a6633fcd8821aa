import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { childAssembler } from "../../cli/edges/asc.ts";
import { compile } from "../codegen/compile.ts";
import { type IsaName, isas } from "../codegen/isa/index.ts";
import { decodeCodeLines, encodeCodeLines } from "./code-lines.ts";
import { findCode } from "./find.ts";
import { linesOfCode } from "./make.ts";
import { readSourceMap } from "./source-map.ts";

/** Traps that are known by what stands in their line. */
const sources: Readonly<Record<string, string>> = {
  "std/one/main.ts": `
import { checked } from "../core/checks";
export let seen: u32 = 0;
export function run(a: u32, b: u32): u32 {
  if (a > 1000) unreachable(); // first
  seen += a;
  if (b == 77) {
    seen += b;
    unreachable(); // second
  }
  return checked(b, 50) + seen; // asks
}
`,
  "std/core/checks.ts": `
// Long enough to be put into its caller by Binaryen and not by us.
export function checked(index: u32, limit: u32): u32 {
  let sum: u32 = index * 3;
  for (let n: u32 = 0; n < index; n++) sum = sum * 31 + n;
  if (sum > limit) unreachable(); // shared
  return sum * 17;
}
`,
};
const owners = new Map([
  ["std/one", "std/one"],
  ["std/core", "std/core"],
]);

const assembler = childAssembler();
afterAll(() => assembler.close());

let runtime: Uint8Array;
let map: string;
beforeAll(async () => {
  const outcome = await assembler.assemble({ entry: "std/one/main.ts", sources, keep: ["run"] });
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  ({ runtime, map } = outcome);
});

/** What a trap with code 0 looks like. */
const traps: Readonly<Record<IsaName, string>> = {
  "x86-64": "0f0b00",
  rv64: "00000000",
  rv64b: "00000000",
  rv32: "00000000",
  xtensa: "6df000",
  "xtensa-mulhigh": "6df000",
};

describe.each(Object.keys(isas) as IsaName[])("%s", (isa) => {
  const lineOf = (file: string, line: number) => sources[file]!.split("\n")[line - 1]!;

  test("each trap is found in the line that says it, and what is shared by who asked for it", () => {
    const compiled = compile(runtime, isa);
    const lines = linesOfCode(
      { ...compiled, names: compiled.functions.map(({ name }) => name) },
      { map: readSourceMap(map), owners, sources: {} },
    );
    const marks = new Set<string>();
    compiled.code.forEach(({ bytes }, number) => {
      const code = Buffer.from(bytes).toString("hex");
      for (let at = code.indexOf(traps[isa]); at >= 0; at = code.indexOf(traps[isa], at + 1)) {
        if (at % 2 !== 0) continue;
        const { at: place, near } = findCode(lines, { function: number, offset: at / 2 })!;
        const mark = (line: string) => line.split("// ")[1];
        const own = mark(lineOf(place!.file, place!.line));
        const asked = near && mark(lineOf(near.file, near.line));
        if (own !== undefined) marks.add(asked === undefined ? own : `${own} for ${asked}`);
      }
    });
    expect([...marks].toSorted()).toEqual(["first", "second", "shared for asks"]);
  });

  test("is written and read", () => {
    const { lines } = compile(runtime, isa);
    expect(decodeCodeLines(encodeCodeLines(lines))).toEqual(lines);
  });
});

test("the map says nothing of this machine", () => {
  const { sources: files } = JSON.parse(map) as { sources: string[] };
  expect(files).toContain("std/core/checks.ts");
  expect(files.filter((file) => !/^(std|~lib)\//.test(file))).toEqual([]);
});
