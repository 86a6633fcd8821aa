/** Calls by the convention of any instruction set: to functions of the module, to the platform, and to routines that every module may need. */
import type { Loc, Use } from "../regalloc/mir.ts";
import { type Move, writeMoves } from "../regalloc/parallel-move.ts";
import type { Inst } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { type Context, fetched, inReg, register } from "./context.ts";
import type { Lowering, Rule, Rules } from "./lowering.ts";
import { symbols } from "./symbols.ts";

/** `target` writes the call itself; `index`, if there is one, is where the convention says by then. */
export function call<C extends Context<unknown>, L extends Lowering<C, L>>(
  l: Lowering<C, L>,
  { results }: Inst,
  args: readonly ValueId[],
  target: (c: C) => void,
  index?: Use,
): void {
  const { convention } = l;
  const { resultRegisters } = convention;
  const { uses, sources } = passed(l, args);
  const defs = results
    .slice(0, resultRegisters.length)
    .map((result, n) => l.def(result, { after: true, reg: false, hint: resultRegisters[n] }));
  l.emit(
    index === undefined ? uses : [...uses, index],
    defs,
    (c, places, got) => {
      const moves = pass(c, convention, sources(places)).map((move, n) => ({
        ...move,
        narrow: l.isHalf(args[n]!),
      }));
      if (index !== undefined)
        moves.push({ from: places[uses.length]!, to: inReg(convention.index), narrow: true });
      writeMoves(moves, c.moves);
      target(c);
      writeMoves(
        got.map((to, n) => ({ from: inReg(resultRegisters[n]!), to, narrow: l.isHalf(results[n]!) })),
        c.moves,
      );
    },
    convention.clobbers,
  );
  // The other results are fetched at once, before anything else can run.
  results.slice(resultRegisters.length).forEach((result, n) => {
    l.emit([], [l.def(result)], ({ a }, _, [to]) => convention.loadResult(a, register(to!), n));
  });
}

/** What arguments of a call need, and where each comes from once these have places. */
function passed<C extends Context<unknown>, L extends Lowering<C, L>>(
  l: Lowering<C, L>,
  args: readonly ValueId[],
): { uses: readonly Use[]; sources: (places: readonly Loc[]) => readonly Loc[] } {
  const { argumentRegisters, word } = l.convention;
  const uses: Use[] = [];
  const sources = args.map((arg, n) => {
    const imm = l.func.constant(arg);
    if (imm !== undefined) return { imm: l.bitsOf(arg, imm) };
    uses.push(l.any(arg, { hint: argumentRegisters[n] }));
    return { use: uses.length - 1 };
  });
  l.outgoing = Math.max(l.outgoing, word * Math.max(0, args.length - argumentRegisters.length));
  l.calls = true;
  return {
    uses,
    sources: (places) =>
      sources.map((source) => ("imm" in source ? { kind: "imm", imm: source.imm! } : places[source.use]!)),
  };
}

/** Stores the arguments for the stack; those for registers are left to be moved at once. */
function pass<C extends Context<unknown>>(
  { a, moves }: C,
  { argumentRegisters, storeArgument }: Lowering<C, never>["convention"],
  sources: readonly Loc[],
): Move[] {
  const { length } = argumentRegisters;
  sources.slice(length).forEach((from, n) => {
    storeArgument(a, fetched(moves, from), n);
  });
  return sources.slice(0, length).map((from, n) => ({ from, to: inReg(argumentRegisters[n]!) }));
}

type Calling = Context<{ call(symbol: string): void }>;

/** A call by symbol, of all that the instruction has. */
export const calling =
  <C extends Calling, L extends Lowering<C, L>>(symbol: (inst: Inst) => string): Rule<L> =>
  (l, inst) => {
    const name = symbol(inst);
    call<C, L>(l, inst, inst.args, ({ a }) => a.call(name));
  };

/** Of a table, a global or a function. */
export const indexOf = (inst: Inst): number => (inst as { index: number }).index;
/** Of data or elements; of the other table where two are copied. */
export const segmentOf = (inst: Inst): number => (inst as { segment: number }).segment;

const symbolsCalled: Readonly<Record<string, (inst: Inst) => string>> = {
  call: (inst) => symbols.function((inst as { callee: number }).callee),
  call_import: (inst) => (inst as { symbol: string }).symbol,
  "memory.grow": () => symbols.memoryGrow,
  "memory.copy": () => symbols.memoryCopy,
  "memory.fill": () => symbols.memoryFill,
  "memory.init": (inst) => symbols.memoryInit(segmentOf(inst)),
  "table.grow": (inst) => symbols.tableGrow(indexOf(inst)),
  "table.fill": (inst) => symbols.tableFill(indexOf(inst)),
  "table.copy": (inst) => symbols.tableCopy(indexOf(inst), segmentOf(inst)),
  "table.init": (inst) => symbols.tableInit(indexOf(inst), segmentOf(inst)),
};

/** What is a call and nothing else. */
export const plainCalls = <C extends Calling, L extends Lowering<C, L>>(): Rules<L> =>
  Object.fromEntries(Object.entries(symbolsCalled).map(([op, symbol]) => [op, calling<C, L>(symbol)]));
