import type { Func } from "../ssa/func.ts";
import type { Signatures } from "../ssa/verify.ts";

/** What passes may know beyond the function. */
export interface OptimizeContext {
  readonly signatures?: Signatures;
  /**
   * Bytes that linear memory never exceeds. The less it is, the more often `address + constant` provably does not wrap and
   * goes into the offset of an access. 4 GiB if not given.
   */
  readonly memoryLimit?: number;
  /** Checks all invariants after every pass. */
  readonly verify?: boolean;
  /** Gets the text after the passes named; "after:gvn", "after:all" for each, "before". */
  readonly dump?: { readonly when: string; readonly write: (text: string) => void };
}

/** A change of one function that keeps its meaning and all invariants of verify.ts. */
export interface Pass {
  readonly name: string;
  readonly run: (func: Func, context: OptimizeContext) => void;
  /** Passes that must have run before, each with the reason. */
  readonly after?: Readonly<Record<string, string>>;
  /** Machine code cannot be made without it. */
  readonly required?: true;
}
