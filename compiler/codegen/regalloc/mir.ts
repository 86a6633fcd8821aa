/**
 * Machine instructions as the register allocator sees them: what they read, write and destroy, and a function that writes them once
 * their operands have places. Knows no instruction set and nothing of WebAssembly.
 */

/** A value before it has a register; SSA values keep their numbers, temporaries follow. Each is defined once. */
export type VReg = number;
/** A register by its number in encodings. */
export type PReg = number;

/** No machine has more: masks of registers are 32 bits. */
export const REGISTERS = 32;

/** Where a value is at some point of the program. Slots below zero are those of the function's caller. */
export type Loc =
  | { readonly kind: "reg"; readonly reg: PReg }
  | { readonly kind: "slot"; readonly slot: number }
  | { readonly kind: "imm"; readonly imm: bigint };

export interface Use {
  readonly vreg: VReg;
  /** Must be in a register; otherwise memory will do. */
  readonly reg: boolean;
  /** Read after results have been written, so it shares no register with them. */
  readonly late: boolean;
  readonly hint: PReg | undefined;
}

export interface Def {
  readonly vreg: VReg;
  /** Written after everything that the instruction destroys, so it may be in a destroyed register. */
  readonly after: boolean;
  /** Must be in a register at first; a result that may be memory saves a move when it is not needed soon. */
  readonly reg: boolean;
  readonly hint: PReg | undefined;
  /** A value whose register would save a move. */
  readonly like: VReg | undefined;
}

export interface MInst<Context> {
  readonly uses: readonly Use[];
  readonly defs: readonly Def[];
  /** Registers destroyed, as a bit mask: between the reading of ordinary uses and the writing of `after` results. */
  readonly clobbers: number;
  /** What it was made of, as whoever made it counts; 0 is unknown. The allocator hands it on to `Output.from`. */
  readonly at: number;
  /** Writes the instruction. `uses` and `defs` are in the order of the declarations above. */
  readonly emit: (context: Context, uses: readonly Loc[], defs: readonly Loc[]) => void;
}

/** A value for a block parameter: another value, or a constant. */
export type Argument = { readonly vreg: VReg } | { readonly imm: bigint };

export interface MEdge<Context> {
  readonly to: MBlock<Context>;
  readonly args: readonly Argument[];
}

export interface MBlock<Context> {
  /** Place in the layout. */
  readonly index: number;
  readonly params: readonly VReg[];
  /** The last one leaves the block. */
  readonly insts: MInst<Context>[];
  readonly edges: MEdge<Context>[];
  /** How many loops contain it. */
  readonly depth: number;
  /** Hardly ever executed. */
  readonly cold: boolean;
  /** Positions, set by `number`. */
  from: number;
  to: number;
}

export interface MFunc<Context> {
  readonly blocks: MBlock<Context>[];
  /** Parameters of the function with the places where its caller leaves them. */
  readonly params: readonly { readonly vreg: VReg; readonly at: Loc }[];
  vregs: number;
  /** Is this value never more than the lower half of a register, whose upper half is zero? Then a move need not carry that. */
  readonly isHalf: (vreg: VReg) => boolean;
}

/** What the allocator may use, best first, and which registers a caller expects back unchanged. */
export interface RegisterFile {
  readonly allocatable: readonly PReg[];
  readonly calleeSaved: readonly PReg[];
}

/**
 * Positions of the n-th instruction of a function: from 4n on it reads, at 4n + 1 its results are written, at 4n + 2 those that come
 * `after`; what is needed by it lives up to 4n + 1, what it reads `late` up to 4n + 2. Moves between places happen at 4n, before it.
 */
export const STEP = 4;
export const WRITE = 1;
export const AFTER = 2;

/** The position of the instruction that `position` belongs to. */
export const instructionAt = (position: number): number => position - (position % STEP);

/** Numbers the instructions. */
export function number<Context>({ blocks }: MFunc<Context>): void {
  let position = 0;
  for (const block of blocks) {
    block.from = position;
    position += STEP * block.insts.length;
    block.to = position;
  }
}

/** How often a block is executed, compared with the entry: a guess. */
export function frequencyOf({ depth, cold }: { readonly depth: number; readonly cold: boolean }): number {
  return 8 ** Math.min(depth, 6) * (cold ? 1 / 64 : 1);
}
