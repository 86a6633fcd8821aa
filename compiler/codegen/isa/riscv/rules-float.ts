/**
 * Rules for floats: the bits of the operands go to the registers ft0 and ft1, those of the result come back. Nothing is in such a register from one
 * instruction to the next. Arithmetic gives the canonical one of what is no number by itself.
 */
import { scratch } from "./abi.ts";
import type { Context } from "./context.ts";
import type { FloatType } from "./insns.ts";
import type { Rule } from "./lowering.ts";
import { type Reg, zero } from "./regs.ts";

const ft0 = 0;
const ft1 = 1;

type Width = "s" | "d";
const into = { s: "fmv.w.x", d: "fmv.d.x" } as const;
const out = { s: "fmv.x.w", d: "fmv.x.d" } as const;

/** With all operands in ft0 and ft1, and a register for the result. */
const compute =
  (write: (c: Context, width: Width, to: Reg) => void, fixed?: Width): Rule =>
  (l, inst) => {
    const width = inst.type === "i32" ? "s" : "d";
    l.compute(inst.results[0]!, inst.args, (c, to, from) => {
      from.forEach((reg, n) => {
        c.a.f(into[fixed ?? width], n === 0 ? ft0 : ft1, reg);
      });
      write(c, width, to);
    });
  };

const arithmetic = (name: "fadd" | "fsub" | "fmul" | "fdiv" | "fsqrt"): Rule =>
  compute(({ a }, width, to) => {
    a.f(`${name}.${width}`, ft0, ft0, ft1);
    a.f(out[width], to, ft0);
  });

/** The hardware prefers numbers to what is none: their sum is none if one of them is none. */
const extremum = (name: "fmin" | "fmax"): Rule =>
  compute(({ a }, width, to) => {
    const [none, done] = [a.label(), a.label()];
    a.f(`feq.${width}`, scratch, ft0, ft0);
    a.branch("eq", scratch, zero, none);
    a.f(`feq.${width}`, scratch, ft1, ft1);
    a.branch("eq", scratch, zero, none);
    a.f(`${name}.${width}`, ft0, ft0, ft1);
    a.jump(done);
    a.bind(none);
    a.f(`fadd.${width}`, ft0, ft0, ft1);
    a.bind(done);
    a.f(out[width], to, ft0);
  });

const comparison = (name: "feq" | "flt" | "fle"): Rule =>
  compute(({ a }, width, to) => a.f(`${name}.${width}`, to, ft0, ft1));

const convert = (name: FloatType, from: Width, to: Width): Rule =>
  compute(({ a }, _, result) => {
    a.f(name, ft0, ft0);
    a.f(out[to], result, ft0);
  }, from);

/** The hardware gives the greatest integer for what is no number: the mask makes it 0. */
const toInteger = (name: FloatType): Rule =>
  compute(({ a }, _, to) => {
    a.f(name, to, ft0);
    a.f("feq.d", scratch, ft0, ft0);
    a.r("sub", scratch, zero, scratch);
    a.r("and", to, to, scratch);
  }, "d");

const fromInteger =
  (sign: "l" | "lu"): Rule =>
  (l, inst) => {
    const width = inst.type === "i32" ? "s" : "d";
    l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => {
      a.f(`fcvt.${width}.${sign}`, ft0, x!);
      a.f(out[width], to, ft0);
    });
  };

export const floatRules: Readonly<Record<string, Rule>> = {
  fadd: arithmetic("fadd"),
  fsub: arithmetic("fsub"),
  fmul: arithmetic("fmul"),
  fdiv: arithmetic("fdiv"),
  fsqrt: arithmetic("fsqrt"),
  fmin: extremum("fmin"),
  fmax: extremum("fmax"),
  feq: comparison("feq"),
  flt: comparison("flt"),
  fle: comparison("fle"),
  fpromote: convert("fcvt.d.s", "s", "d"),
  fdemote: convert("fcvt.s.d", "d", "s"),
  ftoi_s: toInteger("fcvt.l.d"),
  ftoi_u: toInteger("fcvt.lu.d"),
  itof_s: fromInteger("l"),
  itof_u: fromInteger("lu"),
};
