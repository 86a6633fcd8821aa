import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate } from "../ssa/evaluate.ts";
import type { Op } from "../ssa/ops.ts";
import { parseFunc } from "../ssa/parse.ts";
import { verify } from "../ssa/verify.ts";
import { expandOperations } from "./expand.ts";

const lacking = new Set<Op>(["clz", "ctz", "popcnt"]);

test.each(["clz", "ctz", "popcnt"] as const)("%s is the same without it", (op) => {
  for (const type of ["i32", "i64"] as const) {
    const func = parseFunc(
      `func f(${type}) -> ${type}\nb0(v0: ${type}):\n  v1 = ${op}.${type} v0\n  return v1\n`,
    );
    expandOperations(func, { lacking });
    verify(func);
    const bits = type === "i32" ? 32n : 64n;
    const half = 1n << (bits - 1n);
    const powers = fc.bigInt({ min: 0n, max: bits - 1n }).map((by) => BigInt.asIntN(Number(bits), 1n << by));
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt({ min: -half, max: half - 1n }), powers, fc.constantFrom(0n, -1n)),
        (x) => {
          const values = new Map([[func.entry.params[0]!, x]]);
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
          expect(returned).toBe(evaluate(op, type, [x]));
        },
      ),
    );
  }
});
