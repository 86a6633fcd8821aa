import type { Func } from "../ssa/func.ts";
import { type Signatures, verify } from "../ssa/verify.ts";

export interface OptimizeContext {
  readonly signatures?: Signatures;
  readonly verify?: boolean;
}

export function optimize(func: Func, context: OptimizeContext): void {
  if (context.verify) verify(func, context.signatures);
}
