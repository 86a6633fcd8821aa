import { expect, test } from "vitest";
import { type Environment, interpret } from "../ssa/interpret.ts";
import { parseFunc } from "../ssa/parse.ts";
import { Random } from "../wasm/testing/random.ts";
import { optimize } from "./index.ts";

const environment = { fuel: Number.POSITIVE_INFINITY } as Environment;
const comparisons = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];

/** `(x, y)`, extended or not, each with a small constant, compared. Lines of SSA that use value names from `base` on. */
function check(random: Random, base: number): { lines: string[]; result: string } {
  const wide = random.below(2) === 0;
  const type = wide ? "i64" : "i32";
  const lines: string[] = [];
  let next = base;
  const emit = (text: string) => {
    lines.push(`  v${next} = ${text}`);
    return `v${next++}`;
  };
  const side = (param: string) => {
    const value = wide ? emit(`extend_u ${param}`) : param;
    const kind = random.below(4);
    if (kind === 0) return value;
    const constant = emit(`iconst.${type} ${random.below(7) - 3}`);
    if (kind === 1) return constant;
    return emit(`add.${type} ${value}, ${constant}`);
  };
  const [a, b] = random.below(2) === 0 ? [side("v0"), side("v1")] : [side("v1"), side("v0")];
  return { lines, result: emit(`${random.pick(comparisons)}.${type} ${a}, ${b}`) };
}

/** One check inside of both outcomes of two others: three decide, and every path has an answer of its own. */
function nested(random: Random): string {
  const lines = ["func nested(i32, i32) -> i32", "b0(v0: i32, v1: i32):"];
  const first = check(random, 10);
  lines.push(...first.lines, `  br_if ${first.result}, b1, b2`);
  for (const block of [1, 2]) {
    const second = check(random, 20 * block + 100);
    lines.push(
      `b${block}:`,
      ...second.lines,
      `  br_if ${second.result}, b${block * 2 + 1}, b${block * 2 + 2}`,
    );
  }
  for (const block of [3, 4, 5, 6]) {
    const third = check(random, 20 * block + 200);
    lines.push(`b${block}:`, ...third.lines);
    lines.push(`  v${block + 900} = iconst.i32 ${block * 16}`);
    lines.push(`  v${block + 950} = or.i32 v${block + 900}, ${third.result}`, `  return v${block + 950}`);
  }
  return `${lines.join("\n")}\n`;
}

const edges = [
  0n,
  1n,
  2n,
  3n,
  4n,
  5n,
  6n,
  -1n,
  -2n,
  -3n,
  -4n,
  -5n,
  2n ** 31n - 1n,
  2n ** 31n - 2n,
  -(2n ** 31n),
  1n - 2n ** 31n,
];

test("what one comparison shows of another is true at every edge", () => {
  const random = new Random(Number(process.env["FUZZ_SEED"] ?? 1));
  const count = Number(process.env["FUZZ_COUNT"] ?? 300);
  for (let round = 0; round < count; round++) {
    const text = nested(random);
    const [plain, optimised] = [parseFunc(text), parseFunc(text)];
    optimize(optimised, { verify: true });
    for (const x of edges)
      for (const y of edges)
        expect(interpret(optimised, [x, y], environment), `(${x}, ${y})\n${text}`).toEqual(
          interpret(plain, [x, y], environment),
        );
  }
});
