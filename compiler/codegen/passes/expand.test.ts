import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../ssa/evaluate.ts";
import type { Op } from "../ssa/ops.ts";
import { parseFunc } from "../ssa/parse.ts";
import { verify } from "../ssa/verify.ts";
import { expandOperations } from "./expand.ts";

const lacking = new Set<Op>(["clz", "ctz", "popcnt", "mulhi_u"]);

const unary = (op: Op, type: string) =>
  `func f(${type}, ${type}) -> ${type}\nb0(v0: ${type}, v1: ${type}):\n  v2 = ${op}.${type} v0\n  return v2\n`;
const binary = (op: Op, type: string) => unary(op, type).replace(" v0\n", " v0, v1\n");

test.each(["clz", "ctz", "popcnt", "mulhi_u"] as const)("%s is the same without it", (op) => {
  for (const type of ["i32", "i64"] as const) {
    const func = parseFunc((op === "mulhi_u" ? binary : unary)(op, type));
    expandOperations(func, { lacking });
    verify(func);
    const bits = type === "i32" ? 32n : 64n;
    const half = 1n << (bits - 1n);
    const powers = fc.bigInt({ min: 0n, max: bits - 1n }).map((by) => BigInt.asIntN(Number(bits), 1n << by));
    const number = fc.oneof(fc.bigInt({ min: -half, max: half - 1n }), powers, fc.constantFrom(0n, -1n));
    fc.assert(
      fc.property(number, number, (x, y) => {
        const values = new Map([
          [func.entry.params[0]!, x],
          [func.entry.params[1]!, y],
        ]);
        let returned: bigint | undefined;
        for (const inst of func.entry.insts) {
          expect(lacking.has(inst.op)).toBe(false);
          const args = inst.args.map((arg) => values.get(arg)!);
          if (inst.op === "return") returned = args[0];
          else
            values.set(
              inst.results[0]!,
              inst.op === "iconst" ? inst.value : evaluate(inst.op, inst.type, args)!,
            );
        }
        expect(returned).toBe(evaluate(op, type, [x, y]));
      }),
    );
  }
});
