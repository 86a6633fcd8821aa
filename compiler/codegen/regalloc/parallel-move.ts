import type { Loc } from "./mir.ts";

export interface Move {
  readonly from: Loc;
  readonly to: Loc;
  /** Nothing but the lower half of a register counts, or its upper one is zero. */
  readonly narrow?: boolean;
}

export interface MoveWriter {
  /** `to` is a register or a slot; not both slots. With `narrow` the upper half of a register becomes zero. */
  move(to: Loc, from: Loc, narrow?: boolean): void;
  exchange(a: Loc, b: Loc): void;
  /** A register that no move speaks of. */
  readonly scratch: Loc;
  /** A slot that no move speaks of. */
  readonly spare: () => Loc;
}

export function sameLoc(a: Loc, b: Loc): boolean {
  if (a.kind === "reg") return b.kind === "reg" && a.reg === b.reg;
  if (a.kind === "slot") return b.kind === "slot" && a.slot === b.slot;
  return b.kind === "imm" && a.imm === b.imm;
}

/** Writes moves that happen at once as a sequence: no source is overwritten before it was read. Targets are distinct. */
export function writeMoves(moves: readonly Move[], writer: MoveWriter): void {
  let pending = moves.filter(({ from, to }) => !sameLoc(from, to));
  while (pending.length > 0) {
    const ready = pending.find(
      (move) => !pending.some((other) => other !== move && sameLoc(other.from, move.to)),
    );
    if (ready !== undefined) {
      one(ready, writer);
      pending = pending.filter((move) => move !== ready);
      continue;
    }
    pending = breakCycle(pending, writer);
  }
}

function one({ from, to, narrow }: Move, writer: MoveWriter): void {
  if (to.kind === "slot" && from.kind === "slot") {
    writer.move(writer.scratch, from);
    writer.move(to, writer.scratch);
  } else writer.move(to, from, narrow);
}

/**
 * Every target is still to be read: only cycles are left. The first of them is broken: two registers are exchanged, more are moved on with the
 * help of the scratch register, and what is in memory with that of a slot.
 */
function breakCycle(pending: readonly Move[], writer: MoveWriter): Move[] {
  const [first] = pending;
  const { from, to } = first!;
  const cycle = cycleOf(first!, pending);
  const inRegisters = cycle.every((move) => move.to.kind === "reg");
  if (inRegisters && cycle.length === 2) {
    writer.exchange(from, to);
    return pending.filter((move) => !cycle.includes(move));
  }
  // Nothing but this cycle moves until it is done, so the scratch register is safe.
  const aside = inRegisters ? writer.scratch : writer.spare();
  one({ from: to, to: aside }, writer);
  return pending.map((move) => (sameLoc(move.from, to) ? { ...move, from: aside } : move));
}

function cycleOf(first: Move, pending: readonly Move[]): Move[] {
  const cycle = [first];
  for (let last = first; !sameLoc(last.from, first.to); ) {
    last = pending.find((move) => sameLoc(move.to, last.from))!;
    cycle.push(last);
  }
  return cycle;
}
