/**
 * Rules for floats: the bits of the operands go to xmm registers, those of the result come back. Nothing is in an xmm register from one instruction to
 * the next. What is no number is made the canonical one, because the hardware keeps bits of its operands and the sign it likes.
 */
import { canonicalNan } from "../../ssa/evaluate-floats.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { scratch } from "./abi.ts";
import { type Context, operand, register } from "./context.ts";
import type { Sse } from "./insns.ts";
import type { Rule } from "./lowering.ts";
import { sizeOf } from "./operations.ts";
import type { Condition, Reg } from "./regs.ts";

const xmm0 = 0;
const xmm1 = 1;

type Name = "add" | "sub" | "mul" | "div" | "min" | "max" | "sqrt";
const named = (name: Name, size: 4 | 8): Sse => `${name}${size === 4 ? "ss" : "sd"}`;
const moving = (size: 4 | 8): Sse => (size === 4 ? "movd" : "movq");
const comparing = (size: 4 | 8): Sse => (size === 4 ? "ucomiss" : "ucomisd");
const nan = (size: 4 | 8): bigint => canonicalNan[size === 4 ? 32 : 64];

/** The result out of xmm0. */
function finish({ a }: Context, size: 4 | 8, to: Reg): void {
  const number = a.label();
  a.fromXmm(size, to, xmm0);
  a.sse(comparing(size), xmm0, xmm0);
  a.jump(number, "np");
  a.movImm(to, nan(size));
  a.bind(number);
}

/** With all operands in xmm0 and xmm1, and a register for the result. */
function compute(write: (c: Context, size: 4 | 8, to: Reg) => void, fixed?: 4 | 8): Rule {
  return (l, inst) => {
    const size = sizeOf(inst.type);
    const uses = inst.args.map((arg) => l.any(arg));
    l.emit(uses, [l.def(inst.results[0]!)], (c, places, [d]) => {
      places.forEach((place, n) => {
        c.a.sse(moving(fixed ?? size), n === 0 ? xmm0 : xmm1, operand(c, place));
      });
      write(c, size, register(d!));
    });
  };
}

const binary = (name: Name): Rule =>
  compute((c, size, to) => {
    c.a.sse(named(name, size), xmm0, xmm1);
    finish(c, size, to);
  });

const sqrt = compute((c, size, to) => {
  c.a.sse(named("sqrt", size), xmm0, xmm0);
  finish(c, size, to);
});

/** `minsd` takes its second operand where they are equal, which 0 and -0 are; there the signs are put together. */
const extremum = (name: "min" | "max"): Rule =>
  compute(({ a }, size, to) => {
    const [different, none, done, end] = [a.label(), a.label(), a.label(), a.label()];
    a.sse(comparing(size), xmm0, xmm1);
    a.jump(none, "p");
    a.jump(different, "ne");
    a.sse(name === "min" ? "orps" : "andps", xmm0, xmm1);
    a.jump(done);
    a.bind(none);
    a.movImm(to, nan(size));
    a.jump(end);
    a.bind(different);
    a.sse(named(name, size), xmm0, xmm1);
    a.bind(done);
    a.fromXmm(size, to, xmm0);
    a.bind(end);
  });

const equal = compute(({ a }, size, to) => {
  a.sse(comparing(size), xmm0, xmm1);
  a.setcc("np", scratch);
  a.setcc("e", to);
  a.alu("and", 4, to, scratch);
  a.extend(false, 4, 1, to, to);
});

/** What is not greater, or not to be compared, sets the carry: so the second operand is compared with the first. */
const less = (condition: Condition): Rule =>
  compute(({ a }, size, to) => {
    a.sse(comparing(size), xmm1, xmm0);
    a.setcc(condition, to);
    a.extend(false, 4, 1, to, to);
  });

const promote = compute((c, _, to) => {
  c.a.sse("cvtss2sd", xmm0, xmm0);
  finish(c, 8, to);
}, 4);

const demote = compute((c, _, to) => {
  c.a.sse("cvtsd2ss", xmm0, xmm0);
  finish(c, 4, to);
}, 8);

/** The hardware gives the least integer for all that is not one: it stands for what is below, and its complement for what is above. */
const toInteger = compute(({ a }, _, to) => {
  const [end, none] = [a.label(), a.label()];
  a.sse("cvttsd2si", to, xmm0);
  a.alu("cmp", 8, to, { imm: 1 });
  a.jump(end, "no");
  a.sse("xorps", xmm1, xmm1);
  a.sse("ucomisd", xmm0, xmm1);
  a.jump(none, "p");
  a.jump(end, "b");
  a.unary("not", 8, to);
  a.jump(end);
  a.bind(none);
  a.alu("xor", 4, to, to);
  a.bind(end);
}, 8);

const fromInteger: Rule = (l, inst) => {
  const size = sizeOf(inst.type);
  const [value] = inst.args as [ValueId];
  l.emit([l.any(value)], [l.def(inst.results[0]!)], (c, [x], [d]) => {
    c.a.sse(size === 4 ? "cvtsi2ss" : "cvtsi2sd", xmm0, operand(c, x!));
    c.a.fromXmm(size, register(d!), xmm0);
  });
};

export const floatRules: Readonly<Record<string, Rule>> = {
  fadd: binary("add"),
  fsub: binary("sub"),
  fmul: binary("mul"),
  fdiv: binary("div"),
  fmin: extremum("min"),
  fmax: extremum("max"),
  fsqrt: sqrt,
  feq: equal,
  flt: less("a"),
  fle: less("ae"),
  fpromote: promote,
  fdemote: demote,
  ftoi_s: toInteger,
  itof_s: fromInteger,
};
