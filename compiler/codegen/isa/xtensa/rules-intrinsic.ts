/** Rules for the hardware: docs/architecture.md section 4. An address was an i64, whose upper half is nothing to this machine. */
import { SECRET } from "../../ssa/intrinsics.ts";
import { intrinsicsOf } from "../rules-intrinsic.ts";
import { type Context, register } from "./context.ts";
import type { LoadName, Plain, StoreName } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";

const load =
  (name: LoadName): Rule =>
  (l, inst) =>
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, x) => {
      a.plain("memw");
      a.load(name, to, x!);
    });

const store =
  (name: StoreName): Rule =>
  (l, inst) =>
    l.emit(l.regs([inst.args[0]!, inst.args[2]!]), [], ({ a }, [x, value]) => {
      a.plain("memw");
      a.store(name, register(value!), register(x!));
    });

const plainly =
  (name: Plain): Rule =>
  (l) =>
    l.emit([], [], ({ a }) => a.plain(name));

const byName: Readonly<Record<string, Rule>> = {
  "hw.load8": load("l8ui"),
  "hw.load16": load("l16ui"),
  "hw.load32": load("l32i"),
  "hw.store8": store("s8i"),
  "hw.store16": store("s16i"),
  "hw.store32": store("s32i"),
  "hw.fence": plainly("memw"),
  "hw.wait": plainly("waiti 0"),
  [SECRET]: () => undefined,
};

export const intrinsicRules = intrinsicsOf<Context, Lowering>("Xtensa", byName);
