import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { MemoryChecks } from "../../ssa/context.ts";
import { TrapError } from "../../ssa/evaluate.ts";
import type { Func } from "../../ssa/func.ts";
import { type Environment, interpret } from "../../ssa/interpret.ts";
import { parseFunc } from "../../ssa/parse.ts";
import { printFunc } from "../../ssa/print.ts";
import { verify } from "../../ssa/verify.ts";
import { checkBounds } from "./index.ts";

const PAGE = 65536;
const fixed: MemoryChecks = { least: PAGE, exact: true, grows: false };
const growing: MemoryChecks = { least: PAGE, exact: false, grows: true };

function checked(text: string, checks: MemoryChecks = fixed): Func {
  const func = parseFunc(text);
  checkBounds(func, { word: 4, checks });
  verify(func);
  return func;
}

const count = (func: Func, op: string): number =>
  func.blocks.reduce((sum, { insts }) => sum + insts.filter((inst) => inst.op === op).length, 0);
const checksIn = (func: Func): number =>
  func.blocks.filter(({ insts }) => {
    const end = insts.at(-1)!;
    return end.op === "br_if" && end.targets[0]!.block.insts.at(-1)!.op === "trap";
  }).length;

/** Results or the trap, and a digest of memory. An access that was not checked is an error of the interpreter. */
function outcome(func: Func, args: readonly bigint[], isChecked: boolean): string {
  const environment = {
    memory: new Uint8Array(PAGE).fill(7, 0, 256),
    globals: [],
    fuel: 10_000,
    checked: isChecked,
    growMemory(pages: number) {
      const before = environment.memory.length / PAGE;
      const grown = new Uint8Array(environment.memory.length + pages * PAGE);
      grown.set(environment.memory);
      environment.memory = grown;
      return before;
    },
  } as unknown as Environment;
  const memory = () => createHash("sha256").update(environment.memory).digest("hex");
  try {
    return `${interpret(func, args, environment)} ${memory()}`;
  } catch (error) {
    if (error instanceof TrapError) return `${error.trap} ${memory()}`;
    throw error;
  }
}

const interesting = [
  0,
  1,
  4,
  100,
  PAGE - 17,
  PAGE - 16,
  PAGE - 12,
  PAGE - 9,
  PAGE - 8,
  PAGE - 5,
  PAGE - 4,
  PAGE - 1,
  PAGE,
];
const indices = [...interesting, 2 * PAGE - 4, 2 * PAGE, -1, -4, -8, -PAGE].map(BigInt);

/** Gives the function with checks, which does what the one without does for every index. */
function same(text: string, checks: MemoryChecks = fixed): Func {
  const func = checked(text, checks);
  for (const index of indices)
    expect(outcome(func, [index, 3n], true), `${index}\n${printFunc(func)}`).toBe(
      outcome(parseFunc(text), [index, 3n], false),
    );
  return func;
}

const loads = `func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = load.i32 v0 bytes=4
  v3 = load.i32 v0 bytes=4 offset=12
  v4 = load.i32 v0 bytes=2 offset=8
  v5 = add.i32 v2, v3
  v6 = add.i32 v5, v4
  return v6
`;

describe("the same index is checked once", () => {
  test("for as far as it is read", () => {
    const func = same(loads);
    expect(checksIn(func)).toBe(1);
    expect(printFunc(func)).toContain(`iconst.i32 ${PAGE - 16}`);
  });

  test("and written at the end", () => {
    const func = same(loads.replace("  return v6", "  store.i32 v0, v6 bytes=4 offset=20\n  return v6"));
    expect(checksIn(func)).toBe(1);
  });

  test("but nothing is checked before what would be seen has happened", () => {
    const func = same(`func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  store.i32 v0, v1 bytes=4
  store.i32 v0, v1 bytes=4 offset=4
  store.i32 v0, v1 bytes=1 offset=2
  return v1
`);
    expect(checksIn(func)).toBe(2);
  });

  test("nor before a trap of another kind", () => {
    const func = same(`func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = load.i32 v0 bytes=4
  v3 = div_u.i32 v1, v2
  v4 = load.i32 v0 bytes=4 offset=4
  return v4
`);
    expect(checksIn(func)).toBe(2);
  });

  test("in the blocks that follow", () => {
    const func = same(`func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = load.i32 v0 bytes=4 offset=4
  br_if v2, b1, b2
b1:
  store.i32 v0, v1 bytes=4
  return v2
b2:
  v3 = load.i32 v0 bytes=4
  return v3
`);
    expect(checksIn(func)).toBe(1);
  });
});

describe("no check is needed", () => {
  test("for an index that is small", () => {
    const func = same(`func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = iconst.i32 255
  v3 = and.i32 v0, v2
  v4 = load.i32 v3 bytes=4 offset=1024
  return v4
`);
    expect(checksIn(func)).toBe(0);
  });

  test("where a branch has shown that it is", () => {
    const func = same(`func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = iconst.i32 1000
  v3 = lt_u.i32 v0, v2
  br_if v3, b1, b2
b1:
  v4 = load.i32 v0 bytes=4
  return v4
b2:
  return v0
`);
    expect(checksIn(func)).toBe(0);
  });
});

test("what is beyond all memory always traps", () => {
  for (const offset of [PAGE - 3, 2 ** 32 - 4, 2 ** 32 - 1])
    for (const checks of [fixed, growing])
      same(
        `func f(i32, i32) -> i32\nb0(v0: i32, v1: i32):\n  v2 = load.i32 v0 bytes=4 offset=${offset}\n  return v2\n`,
        checks,
      );
});

describe("in a loop", () => {
  const loop = (body: string) => `func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = iconst.i32 1
  jump b1(v1)
b1(v3: i32):
${body}
  v4 = sub.i32 v3, v2
  br_if v4, b1(v4), b2
b2:
  return v4
`;

  test("an index that stays the same is checked before it", () => {
    const func = same(loop("  v5 = load.i32 v0 bytes=4\n  store.i32 v0, v5 bytes=4 offset=4"));
    expect(checksIn(func)).toBe(1);
    expect(func.entry.insts.at(-1)!.op).toBe("br_if");
  });

  test("not if the loop does something else first", () => {
    const func = same(loop("  store.i32 v3, v2 bytes=4\n  store.i32 v0, v2 bytes=4"));
    expect(checksIn(func)).toBe(2);
    expect(func.entry.insts.at(-1)!.op).toBe("jump");
  });

  test("what an index is compared with is computed before it", () => {
    const func = same(loop("  v6 = add.i32 v0, v3\n  store.i32 v6, v2 bytes=4"), {
      ...growing,
      grows: false,
    });
    expect(checksIn(func)).toBe(1);
    expect(func.entry.insts.map(({ op }) => op)).toEqual(
      expect.arrayContaining(["memory.size", "shl", "sub"]),
    );
  });
});

describe("memory that grows", () => {
  test("has a size that is looked at once where the function does not make it grow", () => {
    const func = same(
      loads.replace("  return v6", "  v7 = load.i32 v1 bytes=4\n  store.i32 v1, v6 bytes=4\n  return v7"),
      growing,
    );
    expect(count(func, "memory.size")).toBe(1);
    expect(checksIn(func)).toBe(2);
  });

  test("is looked at again where it does", () => {
    const func = same(
      `func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = load.i32 v1 bytes=4
  v3 = memory.grow v1
  v4 = load.i32 v0 bytes=4
  return v4
`,
      growing,
    );
    expect(count(func, "memory.size")).toBe(2);
  });

  test("may be less than an access needs", () => {
    same(
      `func f(i32, i32) -> i32\nb0(v0: i32, v1: i32):\n  v2 = load.i32 v0 bytes=4 offset=${PAGE}\n  return v2\n`,
      growing,
    );
  });
});

test("one block traps for all checks", () => {
  const func = checked(loads.replace("  return v6", "  v7 = load.i32 v1 bytes=4\n  return v7"));
  expect(checksIn(func)).toBe(2);
  expect(count(func, "trap")).toBe(1);
});
