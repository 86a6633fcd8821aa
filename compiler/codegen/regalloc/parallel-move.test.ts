import fc from "fast-check";
import { expect, test } from "vitest";
import type { Loc } from "./mir.ts";
import { type Move, writeMoves } from "./parallel-move.ts";

const SCRATCH: Loc = { kind: "reg", reg: 11 };
const SPARE: Loc = { kind: "slot", slot: 99 };
const nameOf = (loc: Loc): string =>
  loc.kind === "reg" ? `r${loc.reg}` : loc.kind === "slot" ? `s${loc.slot}` : `#${loc.imm}`;

/** Where each value ends up when the sequence is carried out on a machine that cannot move between slots. */
function carriedOut(moves: readonly Move[]): { readonly state: Map<string, string>; readonly count: number } {
  const state = new Map<string, string>();
  const read = (loc: Loc) => (loc.kind === "imm" ? nameOf(loc) : (state.get(nameOf(loc)) ?? nameOf(loc)));
  let count = 0;
  const step = () => {
    if (++count > 4 * moves.length + 4) throw new Error("it does not end");
  };
  writeMoves(moves, {
    scratch: SCRATCH,
    spare: () => SPARE,
    move(to, from) {
      step();
      if (to.kind === "slot" && from.kind === "slot") throw new Error("a move between slots");
      state.set(nameOf(to), read(from));
    },
    exchange(a, b) {
      step();
      const [x, y] = [read(a), read(b)];
      state.set(nameOf(a), y);
      state.set(nameOf(b), x);
    },
  });
  return { state, count };
}

const place = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((reg): Loc => ({ kind: "reg", reg })),
  fc.integer({ min: 0, max: 3 }).map((slot): Loc => ({ kind: "slot", slot })),
);
const source = fc.oneof(
  { weight: 9, arbitrary: place },
  fc.bigInt(0n, 9n).map((imm): Loc => ({ kind: "imm", imm })),
);
const parallelMoves = fc
  .uniqueArray(place, { selector: nameOf, maxLength: 10 })
  .chain((targets) => fc.tuple(...targets.map((to) => source.map((from): Move => ({ from, to })))));

test("every target gets what its source held before", () => {
  fc.assert(
    fc.property(parallelMoves, (moves) => {
      const { state } = carriedOut(moves);
      for (const { from, to } of moves) expect(state.get(nameOf(to)) ?? nameOf(to)).toBe(nameOf(from));
      const targets = new Set(moves.map(({ to }) => nameOf(to)));
      for (const changed of state.keys())
        expect(targets.has(changed) || changed === nameOf(SCRATCH) || changed === nameOf(SPARE)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("a register and a slot change places", () => {
  const [a, b]: [Loc, Loc] = [
    { kind: "reg", reg: 1 },
    { kind: "slot", slot: 0 },
  ];
  const { state } = carriedOut([
    { from: a, to: b },
    { from: b, to: a },
  ]);
  expect([state.get("r1"), state.get("s0")]).toEqual(["s0", "r1"]);
});

test("two registers change places in one instruction", () => {
  const [a, b]: [Loc, Loc] = [
    { kind: "reg", reg: 1 },
    { kind: "reg", reg: 2 },
  ];
  expect(
    carriedOut([
      { from: a, to: b },
      { from: b, to: a },
    ]).count,
  ).toBe(1);
});
