import type { Loc } from "./mir.ts";

export interface Move {
  readonly from: Loc;
  readonly to: Loc;
}

export interface MoveWriter {
  /** `to` is a register or a slot; not both slots. */
  move(to: Loc, from: Loc): void;
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

function one({ from, to }: Move, writer: MoveWriter): void {
  if (to.kind === "slot" && from.kind === "slot") {
    writer.move(writer.scratch, from);
    writer.move(to, writer.scratch);
  } else writer.move(to, from);
}

/** Every target is still to be read: only cycles are left. */
function breakCycle(pending: readonly Move[], writer: MoveWriter): Move[] {
  const [first] = pending;
  const { from, to } = first!;
  if (from.kind === "reg" && to.kind === "reg") {
    writer.exchange(from, to);
    // What was in `to` is now in `from`.
    return pending
      .filter((move) => move !== first)
      .map((move) => (sameLoc(move.from, to) ? { from, to: move.to } : move))
      .filter((move) => !sameLoc(move.from, move.to));
  }
  const spare = writer.spare();
  one({ from: to, to: spare }, writer);
  return pending.map((move) => (sameLoc(move.from, to) ? { from: spare, to: move.to } : move));
}
