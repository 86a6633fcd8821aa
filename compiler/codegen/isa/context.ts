/** What instruction writers work with, whatever they write for. */
import type { Loc, MBlock, PReg } from "../regalloc/mir.ts";
import type { MoveWriter } from "../regalloc/parallel-move.ts";
import type { Label } from "./code-writer.ts";

export type Target = Pick<MBlock<never>, "index">;

/** The assembler, the frame, the labels of blocks. */
export interface Context<A> {
  readonly a: A;
  /** Goes to a block, unless it follows in memory. */
  jump(to: Target): void;
  /** Where a jump to a block goes. */
  label(to: Target): Label;
  /** Does this block, or what a jump to it comes to, follow in memory? */
  isNext(to: Target): boolean;
  /** Undoes the prologue and returns. */
  leave(): void;
  readonly moves: MoveWriter;
  /** The symbol of a table of code addresses. */
  jumpTable(targets: readonly Label[]): string;
}

export function register(loc: Loc): PReg {
  if (loc.kind !== "reg") throw new Error(`BUG: a ${loc.kind} where a register is needed`);
  return loc.reg;
}

export const inReg = (reg: PReg): Loc => ({ kind: "reg", reg });

/** The register that something is in; what is in none is moved to the scratch register. */
export function fetched(moves: MoveWriter, from: Loc): PReg {
  if (from.kind === "reg") return from.reg;
  moves.move(moves.scratch, from);
  return register(moves.scratch);
}
