/** Rules for arithmetic that computes one register from registers. */

import { writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { maskOf, scratch } from "./abi.ts";
import { type Context, inReg, operand, register } from "./context.ts";
import type { Alu, Shift } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { sizeOf } from "./operations.ts";
import { type Mem, type Reg, rax, rcx, rdx } from "./regs.ts";
import { memoryInput } from "./rules-memory.ts";

/** `to = left op right` in two-address form. `right` is read late, so it is not in `to`, unless the operands may be exchanged. */
function twoAddress(name: Alu | "imul", commutes: boolean): Rule {
  return (l, inst) => {
    const [left, right] = inst.args as [ValueId, ValueId];
    const size = sizeOf(inst.type);
    const like = commutes && l.useCount[left] !== 1 && l.useCount[right] === 1 ? right : left;
    const to = l.def(inst.results[0]!, { like });
    const write = ({ a }: Context, d: Reg, from: Reg | Mem | { readonly imm: number }) => {
      if (name !== "imul") a.alu(name, size, d, from);
      else if (typeof from === "object" && "imm" in from) a.imulImm(size, d, d, from.imm);
      else a.rm("imul", size, d, from);
    };
    const memory = memoryInput(l, right, true);
    if (memory !== undefined) {
      l.emit([l.any(left), ...memory.uses], [to], (c, [x, ...rest], [d]) => {
        move(c, size, register(d!), operand(c, x!));
        write(c, register(d!), memory.mem(c, rest));
      });
      return;
    }
    const second = l.input(right, { late: !commutes });
    if ("imm" in second) {
      l.emit([l.any(left)], [to], (c, [x], [d]) => {
        move(c, size, register(d!), operand(c, x!));
        write(c, register(d!), { imm: Number(second.imm) });
      });
      return;
    }
    l.emit([l.any(left), second.use], [to], (c, [x, y], [d]) => {
      const first = operand(c, x!);
      const other = operand(c, y!);
      if (y!.kind === "reg" && register(d!) === y!.reg) return write(c, y!.reg, first);
      move(c, size, register(d!), first);
      write(c, register(d!), other);
    });
  };
}

/** A move between the same register is left out: i32 values have zero upper halves already. */
function move({ a }: Context, size: 4 | 8, to: number, from: ReturnType<typeof operand>): void {
  if (from !== to) a.mov(size, to, from);
}

function addImmediate(a: Context["a"], size: 4 | 8, to: Reg, imm: number): void {
  if (imm === 1) a.unary("inc", size, to);
  else if (imm === -1) a.unary("dec", size, to);
  else a.alu("add", size, to, { imm });
}

/** Addition: `lea` when the result goes elsewhere, scaled when one side is a small shift. */
const add: Rule = (l, inst) => {
  const [left, right] = inst.args as [ValueId, ValueId];
  const size = sizeOf(inst.type);
  const result = inst.results[0]!;
  const scaledArg =
    left === right ? undefined : inst.args.find((arg) => l.absorbed[arg] && l.func.inst(arg)?.op === "shl");
  if (scaledArg !== undefined) return addScaled(l, inst, scaledArg);
  if (memoryInput(l, right) !== undefined) return twoAddress("add", true)(l, inst);
  const imm = l.immediate(right);
  if (imm !== undefined) {
    l.emit([l.reg(left)], [l.def(result, { like: left })], ({ a }, [x], [d]) => {
      if (register(x!) === register(d!)) addImmediate(a, size, register(d!), imm);
      else a.rm("lea", size, register(d!), { base: register(x!), disp: imm });
    });
    return;
  }
  const like = l.useCount[left] !== 1 && l.useCount[right] === 1 ? right : left;
  l.emit([l.reg(left), l.reg(right)], [l.def(result, { like })], ({ a }, [x, y], [d]) => {
    const [to, one, other] = [register(d!), register(x!), register(y!)];
    if (to === one) a.alu("add", size, to, other);
    else if (to === other) a.alu("add", size, to, one);
    else a.rm("lea", size, to, { base: one, index: other });
  });
};

function addScaled(l: Lowering, inst: Inst, scaledArg: ValueId): void {
  const size = sizeOf(inst.type);
  const shift = l.func.inst(scaledArg)!;
  const scale = (1 << Number(l.func.constant(shift.args[1]!))) as 2 | 4 | 8;
  const other = inst.args.find((arg) => arg !== scaledArg)!;
  const imm = l.immediate(other);
  const to = l.def(inst.results[0]!);
  if (imm !== undefined) {
    l.emit([l.reg(shift.args[0]!)], [to], ({ a }, [x], [d]) =>
      a.rm("lea", size, register(d!), { index: register(x!), scale, disp: imm }),
    );
    return;
  }
  l.emit([l.reg(other), l.reg(shift.args[0]!)], [to], ({ a }, [x, y], [d]) =>
    a.rm("lea", size, register(d!), { base: register(x!), index: register(y!), scale }),
  );
}

const sub: Rule = (l, inst) => {
  const imm = l.immediate(inst.args[1]!);
  if (imm !== undefined && imm !== -(2 ** 31)) {
    const size = sizeOf(inst.type);
    l.emit([l.reg(inst.args[0]!)], [l.def(inst.results[0]!, { like: inst.args[0]! })], ({ a }, [x], [d]) => {
      if (register(x!) === register(d!)) addImmediate(a, size, register(d!), -imm);
      else a.rm("lea", size, register(d!), { base: register(x!), disp: -imm });
    });
    return;
  }
  if (l.func.constant(inst.args[0]!) === 0n) return negate(l, inst);
  twoAddress("sub", false)(l, inst);
};

function negate(l: Lowering, inst: Inst): void {
  const size = sizeOf(inst.type);
  const value = inst.args[1]!;
  l.emit([l.any(value)], [l.def(inst.results[0]!, { like: value })], (c, [x], [d]) => {
    move(c, size, register(d!), operand(c, x!));
    c.a.unary("neg", size, register(d!));
  });
}

/** Constants first would cost a register: operands of commutative operations are exchanged. */
const commuting =
  (rule: Rule): Rule =>
  (l, inst) => {
    const [left, right] = inst.args as [ValueId, ValueId];
    if (l.func.constant(left) !== undefined && l.func.constant(right) === undefined) inst.args.reverse();
    rule(l, inst);
  };

const and: Rule = (l, inst) => {
  const mask = l.func.constant(inst.args[1]!);
  const size = sizeOf(inst.type);
  // Masks of 8, 16 and, on 64 bits, 32 ones are moves.
  const from = mask === 0xffn ? 1 : mask === 0xffffn ? 2 : mask === 0xffffffffn && size === 8 ? 4 : undefined;
  if (from === undefined) return twoAddress("and", true)(l, inst);
  l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!, { like: inst.args[0]! })], (c, [x], [d]) =>
    c.a.extend(false, 4, from, register(d!), operand(c, x!)),
  );
};

const xor: Rule = (l, inst) => {
  if (l.func.constant(inst.args[1]!) !== -1n) return twoAddress("xor", true)(l, inst);
  const size = sizeOf(inst.type);
  l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!, { like: inst.args[0]! })], (c, [x], [d]) => {
    move(c, size, register(d!), operand(c, x!));
    c.a.unary("not", size, register(d!));
  });
};

const mul: Rule = (l, inst) => {
  const [left, right] = inst.args as [ValueId, ValueId];
  const size = sizeOf(inst.type);
  const imm = l.immediate(right);
  if (imm === undefined) return twoAddress("imul", true)(l, inst);
  const to = l.def(inst.results[0]!, { like: left });
  const memory = memoryInput(l, left);
  if (memory !== undefined)
    l.emit(memory.uses, [to], (c, places, [d]) =>
      c.a.imulImm(size, register(d!), memory.mem(c, places), imm),
    );
  else l.emit([l.any(left)], [to], (c, [x], [d]) => c.a.imulImm(size, register(d!), operand(c, x!), imm));
};

function shift(name: Shift): Rule {
  return (l, inst) => {
    const [value, count] = inst.args as [ValueId, ValueId];
    const size = sizeOf(inst.type);
    const fixed = l.func.constant(count);
    const to = l.def(inst.results[0]!, { like: value });
    if (fixed !== undefined) {
      const n = Number(BigInt.asUintN(size === 4 ? 5 : 6, fixed));
      l.emit([l.any(value)], [to], (c, [x], [d]) => {
        move(c, size, register(d!), operand(c, x!));
        if (n !== 0) c.a.shift(name, size, register(d!), n);
      });
      return;
    }
    l.emit(
      [l.any(value), l.any(count, { hint: rcx })],
      [to],
      (c, [x, n], [d]) => {
        writeMoves(
          [
            { from: x!, to: d! },
            { from: n!, to: inReg(rcx) },
          ],
          c.moves,
        );
        c.a.shift(name, size, register(d!));
      },
      maskOf(rcx),
    );
  };
}

/**
 * Quotients and remainders. The hardware faults for a zero divisor, which is the trap, and for MIN / -1, so that -1 goes a way of its own:
 * x / -1 is -x, or overflows; x % -1 is 0.
 */
function divide(signed: boolean, remainder: boolean): Rule {
  return (l, inst) => {
    const [left, right] = inst.args as [ValueId, ValueId];
    const size = sizeOf(inst.type);
    const result = remainder ? rdx : rax;
    const divisor = l.func.constant(right);
    const minusOne = signed && (divisor === undefined || divisor === -1n);
    l.emit(
      [l.any(left, { hint: rax }), l.any(right, { late: true })],
      [l.def(inst.results[0]!, { after: true, hint: result })],
      (c, [x, y], [d]) => {
        const { a } = c;
        writeMoves([{ from: x!, to: inReg(rax) }], c.moves);
        const by = operand(c, y!);
        const end = a.label();
        if (minusOne) {
          const ordinary = a.label();
          a.alu("cmp", size, by, { imm: -1 });
          a.jump(ordinary, "ne");
          if (remainder) {
            a.alu("xor", 4, rdx, rdx);
            a.jump(end);
          } else {
            a.unary("neg", size, rax);
            a.jump(end, "no");
            a.trap(trapCodes.overflow.code);
          }
          a.bind(ordinary);
        }
        if (!signed) a.alu("xor", 4, rdx, rdx);
        else a.plain(size === 8 ? "cqo" : "cdq");
        a.unary(signed ? "idiv" : "div", size, by);
        a.bind(end);
        move(c, 8, register(d!), result);
      },
      maskOf(rax, rdx),
    );
  };
}

/** Leading or trailing zeros by bit scans, which leave the result undefined for zero: the flag says so. */
function scan(name: "bsf" | "bsr"): Rule {
  return (l, inst) => {
    const size = sizeOf(inst.type);
    const bits = size * 8;
    l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!)], (c, [x], [d]) => {
      const to = register(d!);
      c.a.movImm(scratch, name === "bsf" ? BigInt(bits) : BigInt.asUintN(32, BigInt(-1)));
      c.a.rm(name, size, to, operand(c, x!));
      c.a.cmov("e", 4, to, scratch);
      if (name === "bsf") return;
      // bits - 1 - index; -1 stands for zero and gives all bits.
      c.a.unary("neg", 4, to);
      c.a.alu("add", 4, to, { imm: bits - 1 });
    });
  };
}

/** Counts ones by sums of ever wider fields: the baseline of x86-64 has no `popcnt`. */
const popcnt: Rule = (l, inst) => {
  const size = sizeOf(inst.type);
  const wide = (byte: bigint) => (size === 8 ? byte * 0x0101010101010101n : byte * 0x01010101n);
  const temp = l.temp();
  l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!), l.def(temp)], (c, [x], [d, t]) => {
    const { a } = c;
    const [to, other] = [register(d!), register(t!)];
    const masked = (reg: number, mask: bigint) => {
      a.movImm(scratch, mask);
      a.alu("and", size, reg, scratch);
    };
    move(c, size, to, operand(c, x!));
    a.mov(size, other, to);
    a.shift("shr", size, other, 1);
    masked(other, wide(0x55n));
    a.alu("sub", size, to, other);
    a.mov(size, other, to);
    a.shift("shr", size, other, 2);
    masked(to, wide(0x33n));
    a.alu("and", size, other, scratch);
    a.alu("add", size, to, other);
    a.mov(size, other, to);
    a.shift("shr", size, other, 4);
    a.alu("add", size, to, other);
    masked(to, wide(0x0fn));
    a.movImm(scratch, wide(1n));
    a.rm("imul", size, to, scratch);
    a.shift("shr", size, to, size * 8 - 8);
  });
};

const bswap: Rule = (l, inst) => {
  const size = sizeOf(inst.type);
  l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!, { like: inst.args[0]! })], (c, [x], [d]) => {
    move(c, size, register(d!), operand(c, x!));
    c.a.bswap(size, register(d!));
  });
};

/** Of the two low bytes; the upper half of the result is zero. */
const bswap16: Rule = (l, inst) => {
  const value = inst.args[0]!;
  const from = l.func.inst(value);
  const clean = from?.op === "load" && from.bytes <= 2 && !from.signed;
  l.emit([l.any(value)], [l.def(inst.results[0]!, { like: value })], (c, [x], [d]) => {
    const to = register(d!);
    if (clean) move(c, 4, to, operand(c, x!));
    else c.a.extend(false, 4, 2, to, operand(c, x!));
    c.a.shift("rol", 2, to, 8);
  });
};

function extend(signed: boolean, from: 1 | 2 | 4): Rule {
  return (l, inst) => {
    const size = inst.op === "extend_s" || inst.op === "extend_u" ? 8 : sizeOf(inst.type);
    l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!, { like: inst.args[0]! })], (c, [x], [d]) => {
      const source = operand(c, x!);
      if (!signed && source === register(d!)) return;
      c.a.extend(signed, size, from, register(d!), source);
    });
  };
}

/** i32 values keep their upper halves zero, so cutting one is a move. */
const wrap: Rule = (l, inst) => {
  const value = inst.args[0]!;
  const from = l.func.inst(value);
  const count = from?.op === "shr_u" ? l.func.constant(from.args[1]!) : undefined;
  const isHalf = from?.op === "extend_u" || (count !== undefined && BigInt.asUintN(6, count) >= 32n);
  l.emit([l.any(value)], [l.def(inst.results[0]!, { like: value })], (c, [x], [d]) => {
    const source = operand(c, x!);
    if (!isHalf || source !== register(d!)) c.a.mov(4, register(d!), source);
  });
};

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  add: commuting(add),
  sub,
  mul: commuting(mul),
  and: commuting(and),
  or: commuting(twoAddress("or", true)),
  xor: commuting(xor),
  shl: shift("shl"),
  shr_s: shift("sar"),
  shr_u: shift("shr"),
  rotl: shift("rol"),
  rotr: shift("ror"),
  div_s: divide(true, false),
  div_u: divide(false, false),
  rem_s: divide(true, true),
  rem_u: divide(false, true),
  clz: scan("bsr"),
  ctz: scan("bsf"),
  popcnt,
  bswap,
  bswap16,
  extend8_s: extend(true, 1),
  extend16_s: extend(true, 2),
  extend32_s: extend(true, 4),
  extend_s: extend(true, 4),
  extend_u: extend(false, 4),
  wrap,
};
