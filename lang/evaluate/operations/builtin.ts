/** What a built-in function is. */
import type { Operation } from "../../check/core.ts";
import type { Type } from "../../types/type.ts";

interface Signature {
  /** For a message: `len(List | Map | Str) -> Int`. */
  readonly signature: string;
  readonly docs: string;
  /** What each argument is expected to be; undefined: whatever it is. */
  readonly params: readonly (Type | undefined)[];
  /** How many of them may be left out. */
  readonly optional?: number;
  /** The type of the result, or why the arguments do not fit: behind the function's name, as `wants a list of numbers`. */
  readonly type: (args: readonly Type[]) => Type | string;
}

/** What it does; for a few that depends on the types of the arguments. */
export type Builtin = Signature &
  ({ readonly run: Operation } | { readonly runOf: (args: readonly Type[]) => Operation });
