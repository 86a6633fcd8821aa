import type { Func } from "./func.ts";
import type { Op } from "./ops.ts";
import type { Signatures } from "./verify.ts";

/** What a call may change. Sizes, tables and segments are always taken as changed. */
export interface Changes {
  readonly memory: boolean;
  /** Indices of globals. */
  readonly globals: ReadonlySet<number>;
}

/** What passes may know beyond the function. */
export interface OptimizeContext {
  readonly signatures?: Signatures;
  /**
   * Bytes that linear memory never exceeds. The less it is, the more often `address + constant` provably does not wrap and
   * goes into the offset of an access. 4 GiB if not given.
   */
  readonly memoryLimit?: number;
  /** Operations beyond WebAssembly's that the machine has: `bswap`, `bswap16`. */
  readonly machine?: ReadonlySet<Op>;
  /** Bytes of its registers; 8 if not given. With 4 no i64 is left. */
  readonly word?: 4 | 8;
  /** Operations that it has no instruction for: `clz`, `ctz`, `popcnt`. */
  readonly lacking?: ReadonlySet<Op>;
  /** What a call of this function of the module may change; undefined for anything. */
  readonly changes?: (callee: number) => Changes | undefined;
  /**
   * The SSA of a function of the module, to be put where it is called; undefined for an import and for one with more than
   * `bytes` bytes of code. Without it nothing is inlined.
   */
  readonly build?: (callee: number, bytes: number) => Func | undefined;
  /** Checks all invariants after every pass. */
  readonly verify?: boolean;
  /** Gets the text after the passes named; "after:gvn", "after:all" for each, "before". */
  readonly dump?: { readonly when: string; readonly write: (text: string) => void };
}
