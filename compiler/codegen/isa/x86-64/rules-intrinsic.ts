/** Rules for the hardware and for arithmetic that WebAssembly cannot say: docs/architecture.md section 4. */

import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import { SECRET } from "../../ssa/intrinsics.ts";
import { maskOf, memoryBase, scratch } from "./abi.ts";
import { type Context, inReg, operand, register } from "./context.ts";
import type { Plain } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { type Reg, rax, rbx, rcx, rdx, type Size } from "./regs.ts";

/** Arguments in these registers, the instruction, the result out of that one. */
function fixed(
  args: readonly Reg[],
  result: Reg | undefined,
  clobbers: number,
  write: (c: Context) => void,
): Rule {
  return (l, inst) => {
    const uses = args.map((reg, n) => l.any(inst.args[n]!, { hint: reg }));
    const [value] = inst.results;
    const defs = value === undefined ? [] : [l.def(value, { after: true, hint: result })];
    l.emit(
      uses,
      defs,
      (c, places, [d]) => {
        writeMoves(
          places.map((from, n): Move => ({ from, to: inReg(args[n]!) })),
          c.moves,
        );
        write(c);
        if (d !== undefined) writeMoves([{ from: inReg(result!), to: d }], c.moves);
      },
      clobbers,
    );
  };
}

const input = (name: Plain, from: 1 | 2 | undefined): Rule =>
  fixed([rdx], rax, maskOf(rax, rdx), ({ a }) => {
    a.plain(name);
    if (from !== undefined) a.extend(false, 4, from, rax, rax);
  });

const output = (name: Plain): Rule =>
  fixed([rdx, rax], undefined, maskOf(rax, rdx), ({ a }) => a.plain(name));

function physicalLoad(bytes: Size): Rule {
  return (l, inst) =>
    l.emit([l.reg(inst.args[0]!)], [l.def(inst.results[0]!)], ({ a }, [x], [d]) => {
      if (bytes >= 4) a.mov(bytes, register(d!), { base: register(x!) });
      else a.extend(false, 4, bytes as 1 | 2, register(d!), { base: register(x!) });
    });
}

function physicalStore(bytes: Size): Rule {
  return (l, inst) =>
    l.emit([l.reg(inst.args[0]!), l.reg(inst.args[1]!)], [], ({ a }, [x, v]) =>
      a.mov(bytes, { base: register(x!) }, register(v!)),
    );
}

const plainly =
  (...names: readonly Plain[]): Rule =>
  (l) =>
    l.emit([], [], ({ a }) => {
      for (const name of names) a.plain(name);
    });

/** Two halves in edx:eax become one 64-bit value. */
function joined({ a }: Context): void {
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
}

const wrmsr = fixed([rcx, rax], undefined, maskOf(rax, rcx, rdx), ({ a }) => {
  a.mov(8, rdx, rax);
  a.shift("shr", 8, rdx, 32);
  a.plain("wrmsr");
});

const cpuid: Rule = (l, inst) => {
  const which = l.func.constant(inst.args[2]!);
  const results = [rax, rbx, rcx, rdx];
  const result = which === undefined ? undefined : results[Number(which)];
  if (result === undefined) throw new Error("BUG: hw.cpuid wants its register as a constant from 0 to 3");
  fixed([rax, rcx], result === rbx ? rax : result, maskOf(rax, rcx, rdx), ({ a }) => {
    a.mov(8, scratch, memoryBase);
    a.plain("cpuid");
    if (result === rbx) a.mov(4, rax, rbx);
    a.mov(8, memoryBase, scratch);
  })(l, { ...inst, args: inst.args.slice(0, 2) } as Inst);
};

const mul64hi: Rule = (l, inst) => {
  l.emit(
    [l.any(inst.args[0]!, { hint: rax }), l.any(inst.args[1]!, { late: true })],
    [l.def(inst.results[0]!, { after: true, hint: rdx })],
    (c, [x, y], [d]) => {
      writeMoves([{ from: x!, to: inReg(rax) }], c.moves);
      c.a.unary("mul", 8, operand(c, y!));
      writeMoves([{ from: inReg(rdx), to: d! }], c.moves);
    },
    maskOf(rax, rdx),
  );
};

const byName: Readonly<Record<string, Rule>> = {
  "hw.in8": input("in al, dx", 1),
  "hw.in16": input("in ax, dx", 2),
  "hw.in32": input("in eax, dx", undefined),
  "hw.out8": output("out dx, al"),
  "hw.out16": output("out dx, ax"),
  "hw.out32": output("out dx, eax"),
  "hw.load8": physicalLoad(1),
  "hw.load16": physicalLoad(2),
  "hw.load32": physicalLoad(4),
  "hw.load64": physicalLoad(8),
  "hw.store8": physicalStore(1),
  "hw.store16": physicalStore(2),
  "hw.store32": physicalStore(4),
  "hw.store64": physicalStore(8),
  "hw.fence": plainly("mfence"),
  "hw.pause": plainly("pause"),
  "hw.wait": plainly("sti", "hlt", "cli"),
  "hw.rdtsc": fixed([], rax, maskOf(rax, rdx), (c) => {
    c.a.plain("rdtsc");
    joined(c);
  }),
  "hw.rdmsr": fixed([rcx], rax, maskOf(rax, rcx, rdx), (c) => {
    c.a.plain("rdmsr");
    joined(c);
  }),
  "hw.wrmsr": wrmsr,
  "hw.cpuid": cpuid,
  // The hardware gives 0 when it has nothing.
  "hw.rdrand": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.rdrand(8, register(d!))),
  "math.mul64hi": mul64hi,
  [SECRET]: () => undefined,
};

export const intrinsicRules: Readonly<Record<string, Rule>> = {
  intrinsic: (l: Lowering, inst: Inst) => {
    const { name } = inst as { name: string };
    const rule = byName[name];
    if (rule === undefined) throw new Error(`BUG: no rule for ${name}`);
    rule(l, inst);
  },
};
