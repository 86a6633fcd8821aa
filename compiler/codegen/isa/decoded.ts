/** Machine code as text: what an instruction set's `decode` gives. It reads the instructions that its assembler writes, by the same tables, in the notation of GNU objdump. */
export interface Decoded {
  /** Bytes. */
  readonly size: number;
  readonly mnemonic: string;
  /** Without `target`. */
  readonly operands: readonly string[];
  /** Where a jump, a branch or a call goes: its last operand, counted as `at` of `decode` is. */
  readonly target?: number;
  /** What an operand in memory refers to, counted likewise. */
  readonly refers?: number;
  /** It never is an instruction: the code of the trap, which is the last of its bytes. */
  readonly trap?: number;
}

/** Undefined for bytes that are none of ours, and where there are not enough of them. */
export type Decode = (bytes: Uint8Array, at: number) => Decoded | undefined;

/** `0x1c`, `-0x8` */
export const signedHex = (value: number): string =>
  `${value < 0 ? "-" : ""}0x${Math.abs(value).toString(16)}`;

/** Rows of an encoder's table by what they are encoded as. */
export function byCode<Name extends string, Row>(
  table: Readonly<Record<Name, Row>>,
  key: (row: Row) => number,
): ReadonlyMap<number, Name> {
  return new Map(Object.entries(table).map(([name, row]) => [key(row as Row), name as Name]));
}
