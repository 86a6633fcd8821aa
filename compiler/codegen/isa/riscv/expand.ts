/** Instructions of 16 bits → those of 32 bits that they stand for: `compress.ts` backwards (RISC-V Unprivileged ISA 20240411, chapter 27). */
import { jalImmediate } from "./assembler.ts";
import { loads, opcodes, stores } from "./insns.ts";
import { ra, sp, zero } from "./regs.ts";

/** Bits of a number, each from the place it is paired with: the opposite of how they were put there. */
function bits(half: number, ...places: readonly (readonly [to: number, from: number])[]): number {
  return places.reduce((sum, [to, from]) => sum | (((half >> from) & 1) << to), 0);
}

const signed = (value: number, width: number): number => (value << (32 - width)) >> (32 - width);

const immediate = (opcode: number, funct3: number, to: number, from: number, imm: number): number =>
  (imm << 20) | (from << 15) | (funct3 << 12) | (to << 7) | opcode;
const register = (opcode: number, funct3: number, funct7: number, to: number, left: number, right: number) =>
  (funct7 << 25) | (right << 20) | (left << 15) | (funct3 << 12) | (to << 7) | opcode;
const store = (funct3: number, from: number, base: number, imm: number): number =>
  (((imm >> 5) & 127) << 25) |
  (from << 20) |
  (base << 15) |
  (funct3 << 12) |
  ((imm & 31) << 7) |
  opcodes.store;

const addi = (to: number, from: number, imm: number) => immediate(opcodes.opImm, 0, to, from, imm);
const load = (name: "lw" | "ld", to: number, base: number, imm: number) =>
  immediate(opcodes.load, loads[name], to, base, imm);

/** Undefined for those that are not written here. */
export function expand(half: number): number | undefined {
  const whole = (half >> 7) & 31;
  const [low, high] = [8 + ((half >> 2) & 7), 8 + ((half >> 7) & 7)];
  const other = (half >> 2) & 31;
  const imm6 = signed(bits(half, [5, 12]) | other, 6);
  const word = bits(half, [5, 12], [4, 11], [3, 10], [2, 6], [6, 5]);
  const double = bits(half, [5, 12], [4, 11], [3, 10], [7, 6], [6, 5]);
  switch (((half >> 13) << 2) | (half & 3)) {
    case 0b000_00:
      return addi(low, sp, bits(half, [5, 12], [4, 11], [9, 10], [8, 9], [7, 8], [6, 7], [2, 6], [3, 5]));
    case 0b010_00:
      return load("lw", low, high, word);
    case 0b011_00:
      return load("ld", low, high, double);
    case 0b110_00:
      return store(stores.sw, low, high, word);
    case 0b111_00:
      return store(stores.sd, low, high, double);
    case 0b000_01:
      return addi(whole, whole, imm6);
    case 0b001_01:
      return immediate(opcodes.opImm32, 0, whole, whole, imm6);
    case 0b010_01:
      return addi(whole, zero, imm6);
    case 0b011_01:
      if (whole !== sp) return (imm6 << 12) | (whole << 7) | opcodes.lui;
      return addi(sp, sp, signed(bits(half, [9, 12], [4, 6], [6, 5], [8, 4], [7, 3], [5, 2]), 10));
    case 0b100_01:
      return arithmetic(half, high, low, imm6);
    case 0b101_01:
      return jalImmediate(jumpDistance(half)) | opcodes.jal;
    case 0b110_01:
    case 0b111_01:
      return branch((half >> 13) & 1, high, branchDistance(half));
    case 0b000_10:
      return immediate(opcodes.opImm, 1, whole, whole, imm6 & 63);
    case 0b010_10:
      return load("lw", whole, sp, bits(half, [5, 12], [4, 6], [3, 5], [2, 4], [7, 3], [6, 2]));
    case 0b011_10:
      return load("ld", whole, sp, bits(half, [5, 12], [4, 6], [3, 5], [8, 4], [7, 3], [6, 2]));
    case 0b100_10:
      return jumpOrAdd(half, whole, other);
    case 0b110_10:
      return store(stores.sw, other, sp, bits(half, [5, 12], [4, 11], [3, 10], [2, 9], [7, 8], [6, 7]));
    case 0b111_10:
      return store(stores.sd, other, sp, bits(half, [5, 12], [4, 11], [3, 10], [8, 9], [7, 8], [6, 7]));
    default:
      return undefined;
  }
}

function arithmetic(half: number, to: number, right: number, imm6: number): number | undefined {
  const which = (half >> 10) & 3;
  if (which === 0) return immediate(opcodes.opImm, 5, to, to, imm6 & 63);
  if (which === 1) return immediate(opcodes.opImm, 5, to, to, (imm6 & 63) | 0x400);
  if (which === 2) return immediate(opcodes.opImm, 7, to, to, imm6);
  const row = [
    [opcodes.op, 0, 0x20],
    [opcodes.op, 4, 0],
    [opcodes.op, 6, 0],
    [opcodes.op, 7, 0],
    [opcodes.op32, 0, 0x20],
    [opcodes.op32, 0, 0],
  ][((half >> 12) & 1) * 4 + ((half >> 5) & 3)];
  return row && register(row[0]!, row[1]!, row[2]!, to, to, right);
}

/** `jr`, `jalr`, `mv`, `add`: the second register decides, and one bit. */
function jumpOrAdd(half: number, whole: number, other: number): number {
  const bit = (half >> 12) & 1;
  if (other === 0) return immediate(opcodes.jalr, 0, bit === 1 ? ra : zero, whole, 0);
  return bit === 1 ? register(opcodes.op, 0, 0, whole, whole, other) : addi(whole, other, 0);
}

function jumpDistance(half: number): number {
  const places = [
    [11, 12],
    [4, 11],
    [9, 10],
    [8, 9],
    [10, 8],
    [6, 7],
    [7, 6],
    [3, 5],
    [2, 4],
    [1, 3],
    [5, 2],
  ] as const;
  return signed(bits(half, ...places), 12);
}

const branchDistance = (half: number): number =>
  signed(bits(half, [8, 12], [4, 11], [3, 10], [7, 6], [6, 5], [2, 4], [1, 3], [5, 2]), 9);

function branch(condition: number, reg: number, distance: number): number {
  const [sign, middle] = [(distance >> 12) & 1, (distance >> 11) & 1];
  const imm = (sign << 31) | (((distance >> 5) & 63) << 25) | (((distance >> 1) & 15) << 8) | (middle << 7);
  return imm | (reg << 15) | (condition << 12) | opcodes.branch;
}
