/** Opcodes that random bodies are made of. */
import { s64, type Type } from "./encode.ts";

export const op = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
} as const;

interface Opcodes {
  /** [first, count] */
  readonly compare: readonly [number, number];
  readonly unary: readonly [number, number];
  readonly binary: readonly [number, number];
  readonly constant: number;
  readonly loads: readonly number[];
  readonly stores: readonly number[];
}
interface IntegerOpcodes extends Opcodes {
  readonly eqz: number;
  readonly extend: readonly [number, number];
}

/** Opcodes of a type. */
export const ranges: Readonly<Record<"i32" | "i64", IntegerOpcodes> & Record<"f32" | "f64", Opcodes>> = {
  i32: {
    eqz: 0x45,
    compare: [0x46, 10],
    unary: [0x67, 3],
    binary: [0x6a, 15],
    constant: 0x41,
    loads: [0x28, 0x2c, 0x2d, 0x2e, 0x2f],
    stores: [0x36, 0x3a, 0x3b],
    extend: [0xc0, 2],
  },
  i64: {
    eqz: 0x50,
    compare: [0x51, 10],
    unary: [0x79, 3],
    binary: [0x7c, 15],
    constant: 0x42,
    loads: [0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35],
    stores: [0x37, 0x3c, 0x3d, 0x3e],
    extend: [0xc2, 3],
  },
  f32: {
    compare: [0x5b, 6],
    unary: [0x8b, 7],
    binary: [0x92, 7],
    constant: 0x43,
    loads: [0x2a],
    stores: [0x38],
  },
  f64: {
    compare: [0x61, 6],
    unary: [0x99, 7],
    binary: [0xa0, 7],
    constant: 0x44,
    loads: [0x2b],
    stores: [0x39],
  },
};

/** Of `unary` and `binary` of floats, those that only change signs. */
export const signs: ReadonlySet<number> = new Set([0x8b, 0x8c, 0x98, 0x99, 0x9a, 0xa6]);

/** An instruction that gives this number; floats by their bits. */
export function constant(type: Type, value: bigint): number[] {
  const first = ranges[type].constant;
  if (type === "i32" || type === "i64") return [first, ...s64(value)];
  const bytes = type === "f32" ? 4 : 8;
  return [first, ...Array.from({ length: bytes }, (_, n) => Number((value >> BigInt(8 * n)) & 0xffn))];
}
