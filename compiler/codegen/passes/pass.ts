import type { OptimizeContext } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";

/** A change of one function that keeps its meaning and all invariants of verify.ts. */
export interface Pass {
  readonly name: string;
  readonly run: (func: Func, context: OptimizeContext) => void;
  /** Passes that must have run before, each with the reason. */
  readonly after?: Readonly<Record<string, string>>;
}
