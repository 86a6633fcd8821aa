/** How functions hand each other arguments and results: what an instruction set says of it. */
import type { PReg } from "../regalloc/mir.ts";

export interface Convention<A> {
  /** Bytes of an argument on the stack. */
  readonly word: 4 | 8;
  /** Arguments that a caller leaves in registers; the others are on the stack. */
  readonly argumentRegisters: readonly PReg[];
  /** Results in registers; the others are in memory, `symbols.results`. */
  readonly resultRegisters: readonly PReg[];
  /** Registers, as bits, that a call may leave with other contents. */
  readonly clobbers: number;
  /** Where a call through a table has the index: no argument is there. */
  readonly index: PReg;
  storeArgument(a: A, from: PReg, n: number): void;
  storeResult(a: A, from: PReg, n: number): void;
  loadResult(a: A, to: PReg, n: number): void;
}
