/** Rules for the hardware and for arithmetic that WebAssembly cannot say: docs/architecture.md section 4. */
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { SECRET } from "../../ssa/intrinsics.ts";
import { intrinsicsOf } from "../rules-intrinsic.ts";
import { scratch } from "./abi.ts";
import { type Context, register } from "./context.ts";
import type { LoadName, Plain, StoreName } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { zero } from "./regs.ts";
import { mul64hi } from "./rules-arithmetic.ts";

/** An address that was an i64 has an upper half, which is nothing to a machine of 32 bits. */
const wordsOf = ({ xlen }: Lowering, { args }: Inst): ValueId[] =>
  xlen === 32 ? args.filter((_, n) => n !== 1) : args;

const load =
  (name: LoadName): Rule =>
  (l, inst) =>
    l.compute(inst.results[0]!, wordsOf(l, inst), ({ a }, to, [x]) => a.load(name, to, x!));

const store =
  (name: StoreName): Rule =>
  (l, inst) => {
    const { uses, regs } = l.sources(...wordsOf(l, inst));
    l.emit(uses, [], ({ a }, places) => {
      const [x, value] = regs(places);
      a.store(name, value!, x!);
    });
  };

const plainly =
  (name: Plain): Rule =>
  (l) =>
    l.emit([], [], ({ a }) => a.plain(name));

/** The counter of time. A machine of 32 bits has it in two halves: they belong together if the upper one is the same behind the lower. */
const rdtime: Rule = (l, inst) => {
  const [low, high] = inst.results;
  if (l.xlen === 64) return l.compute(low!, [], ({ a }, to) => a.csr("csrrs", to, "time", zero));
  l.emit([], [l.def(low!), l.def(high!)], ({ a }, _, [x, y]) => {
    const again = a.here();
    a.csr("csrrs", register(y!), "timeh", zero);
    a.csr("csrrs", register(x!), "time", zero);
    a.csr("csrrs", scratch, "timeh", zero);
    a.branch("ne", scratch, register(y!), again);
  });
};

const byName: Readonly<Record<string, Rule>> = {
  "hw.load8": load("lbu"),
  "hw.load16": load("lhu"),
  "hw.load32": load("lw"),
  "hw.load64": load("ld"),
  "hw.store8": store("sb"),
  "hw.store16": store("sh"),
  "hw.store32": store("sw"),
  "hw.store64": store("sd"),
  "hw.fence": plainly("fence"),
  "hw.rdtime": rdtime,
  "hw.wait": plainly("wfi"),
  "math.mul64hi": mul64hi,
  [SECRET]: () => undefined,
};

export const intrinsicRules = intrinsicsOf<Context, Lowering>("RISC-V", byName);
