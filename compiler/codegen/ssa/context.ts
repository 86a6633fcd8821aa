import type { Func } from "./func.ts";
import type { Op } from "./ops.ts";
import type { Signatures } from "./verify.ts";

/** What a call may change. Sizes of tables and segments are always taken as changed. */
export interface Changes {
  readonly memory: boolean;
  /** May memory grow? */
  readonly size: boolean;
  /** Indices of globals. */
  readonly globals: ReadonlySet<number>;
}

/** What passes have to know of an instruction set. */
export interface Machine {
  /** Bytes of a register and of an address. With 4 no i64 is left. */
  readonly word: 4 | 8;
  /** Does what lies outside of linear memory fault by itself? Otherwise accesses are checked by instructions. */
  readonly guarded: boolean;
  /** What passes may make beyond WebAssembly's operations, because there is an instruction for it (`bswap`, `bswap16`), or a platform that says it (`memory.bytes`). */
  readonly operations: ReadonlySet<Op>;
  /** What has no instruction here and becomes several operations (`passes/expand.ts`): `clz`, `ctz`, `popcnt`. */
  readonly lacking: ReadonlySet<Op>;
}

/** What is known of the size of linear memory where it is compared with. */
export interface MemoryChecks {
  /** Bytes that there are at least; a constant. */
  readonly least: number;
  /** There are never more. */
  readonly exact: boolean;
  /** Does any function of the module make it grow? */
  readonly grows: boolean;
}

/** What passes may know beyond the function. */
export interface OptimizeContext {
  readonly signatures?: Signatures;
  /**
   * Bytes that linear memory never exceeds. The less it is, the more often `address + constant` provably does not wrap and
   * goes into the offset of an access. 4 GiB if not given.
   */
  readonly memoryLimit?: number;
  /** `Machine.operations`. */
  readonly machine?: ReadonlySet<Op>;
  /** `Machine.lacking`. */
  readonly lacking?: ReadonlySet<Op>;
  /** `Machine.word`; 8 if not given. */
  readonly word?: 4 | 8;
  /** For machines that are not `guarded`. */
  readonly checks?: MemoryChecks;
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
