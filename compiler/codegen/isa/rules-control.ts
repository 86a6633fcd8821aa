/** The ways out of a block as far as they are the same for every instruction set. */
import type { Loc, MEdge } from "../regalloc/mir.ts";
import { type Move, writeMoves } from "../regalloc/parallel-move.ts";
import type { Inst } from "../ssa/func.ts";
import { type Trap, trapCodes } from "../ssa/types.ts";
import type { Label } from "./code-writer.ts";
import { type Context, fetched, inReg } from "./context.ts";
import type { Lowering, Rules } from "./lowering.ts";

/** `write` writes a jump on the condition, or on its opposite: only to what does not follow in memory is jumped. */
export function writeBranch<C extends Context<unknown>>(
  c: C,
  [yes, no]: readonly MEdge<C>[],
  write: (to: Label, opposite: boolean) => void,
): void {
  if (c.isNext(yes!.to)) return write(c.label(no!.to), true);
  write(c.label(yes!.to), false);
  c.jump(no!.to);
}

/** Results on the stack are fetched one by one on their way to memory; those for registers are moved at once, behind them. */
export function returning<C extends Context<unknown>, L extends Lowering<C, L>>(
  l: Lowering<C, L>,
  { args }: Inst,
): void {
  const { convention } = l;
  const { resultRegisters } = convention;
  const { length } = resultRegisters;
  const fixed = args.map((value, n) => (n < length ? l.func.constant(value) : undefined));
  const held = args.filter((_, n) => fixed[n] === undefined);
  l.emit(
    held.map((value) => l.any(value, { hint: resultRegisters[args.indexOf(value)] })),
    [],
    (c, places) => {
      const all = args.map((value, n): Loc => {
        const constant = fixed[n];
        return constant === undefined
          ? places[held.indexOf(value)]!
          : { kind: "imm", imm: l.bitsOf(value, constant) };
      });
      all.slice(length).forEach((from, n) => {
        convention.storeResult(c.a, fetched(c.moves, from), n);
      });
      writeMoves(
        all.slice(0, length).map((from, n): Move => ({ from, to: inReg(resultRegisters[n]!) })),
        c.moves,
      );
      c.leave();
    },
  );
}

type Trapping = Context<{ trap(code: number): void }>;

export const plainControl = <C extends Trapping, L extends Lowering<C, L>>(): Rules<L> => ({
  jump(l) {
    const [edge] = l.current.edges;
    l.emit([], [], (c) => c.jump(edge!.to));
  },
  trap(l, inst: Inst) {
    const { code } = trapCodes[(inst as { trap: Trap }).trap];
    l.emit([], [], ({ a }) => a.trap(code));
  },
});
