/**
 * The 16-bit form of an instruction, where it has one with the same meaning: RISC-V Unprivileged ISA 20240411, chapter 27 (C).
 * Instructions come as fields, so that nothing has to be taken apart again.
 */
import type { LoadName, StoreName } from "./insns.ts";
import { type Reg, sp } from "./regs.ts";

/** Bits `from` (lowest first) of a number, each to the place it is paired with. */
function bits(value: number, ...places: readonly (readonly [from: number, to: number])[]): number {
  return places.reduce((sum, [from, to]) => sum | (((value >> from) & 1) << to), 0);
}

const isSmall = (reg: Reg): boolean => reg >= 8 && reg < 16;
const inRange = (value: number, low: number, high: number): boolean => value >= low && value <= high;
const fits6 = (value: number): boolean => inRange(value, -32, 31);

const imm6 = (value: number): number => (((value >> 5) & 1) << 12) | ((value & 31) << 2);

/** `addi to, from, imm` */
export function addi(to: Reg, from: Reg, imm: number): number | undefined {
  if (from === 0 && to !== 0 && fits6(imm)) return 0x4001 | imm6(imm) | (to << 7);
  if (imm === 0 && from !== 0 && to !== 0) return 0x8002 | (to << 7) | (from << 2);
  if (to === sp && from === sp && imm !== 0 && imm % 16 === 0 && inRange(imm, -512, 496))
    return 0x6101 | bits(imm, [9, 12], [4, 6], [6, 5], [8, 4], [7, 3], [5, 2]);
  if (to === from && to !== 0 && imm !== 0 && fits6(imm)) return 0x0001 | imm6(imm) | (to << 7);
  if (isSmall(to) && from === sp && imm > 0 && imm < 1024 && imm % 4 === 0)
    return ((to - 8) << 2) | bits(imm, [5, 12], [4, 11], [9, 10], [8, 9], [7, 8], [6, 7], [2, 6], [3, 5]);
  return undefined;
}

/** `addiw to, from, imm` */
export function addiw(to: Reg, from: Reg, imm: number): number | undefined {
  return to === from && to !== 0 && fits6(imm) ? 0x2001 | imm6(imm) | (to << 7) : undefined;
}

/** `lui to, imm`, `imm` being the upper 20 bits as a signed number. */
export function lui(to: Reg, imm: number): number | undefined {
  return to !== 0 && to !== sp && imm !== 0 && fits6(imm) ? 0x6001 | imm6(imm) | (to << 7) : undefined;
}

export function andi(to: Reg, from: Reg, imm: number): number | undefined {
  return to === from && isSmall(to) && fits6(imm) ? 0x8801 | imm6(imm) | ((to - 8) << 7) : undefined;
}

const shiftBase = { slli: 0x0002, srli: 0x8001, srai: 0x8401 } as const;

export function shift(name: string, to: Reg, from: Reg, count: number): number | undefined {
  if (to !== from || count === 0 || !(name in shiftBase)) return undefined;
  const base = shiftBase[name as keyof typeof shiftBase];
  if (name === "slli") return to === 0 ? undefined : base | imm6(count) | (to << 7);
  return isSmall(to) ? base | imm6(count) | ((to - 8) << 7) : undefined;
}

const two = { sub: 0x8c01, xor: 0x8c21, or: 0x8c41, and: 0x8c61, subw: 0x9c01, addw: 0x9c21 } as const;
const commutes = new Set(["xor", "or", "and", "addw"]);

export function register(name: string, to: Reg, left: Reg, right: Reg): number | undefined {
  if (name === "add") {
    if (to !== 0 && left === to && right !== 0) return 0x9002 | (to << 7) | (right << 2);
    if (to !== 0 && right === to && left !== 0) return 0x9002 | (to << 7) | (left << 2);
    if (to !== 0 && left === 0 && right !== 0) return 0x8002 | (to << 7) | (right << 2);
    return undefined;
  }
  if (!(name in two)) return undefined;
  const base = two[name as keyof typeof two];
  if (!isSmall(to)) return undefined;
  if (left === to && isSmall(right)) return base | ((to - 8) << 7) | ((right - 8) << 2);
  if (right === to && commutes.has(name) && isSmall(left)) return base | ((to - 8) << 7) | ((left - 8) << 2);
  return undefined;
}

/** Loads and stores of words and double words: with a base of the eight registers, or sp. */
export function access(
  xlen: 32 | 64,
  name: LoadName | StoreName,
  reg: Reg,
  base: Reg,
  offset: number,
): number | undefined {
  const load = name === "lw" || name === "ld";
  const wide = name === "ld" || name === "sd";
  if (!load && name !== "sw" && name !== "sd") return undefined;
  if (wide && xlen === 32) return undefined;
  const size = wide ? 8 : 4;
  if (offset < 0 || offset % size !== 0) return undefined;
  if (base === sp && offset < 64 * size && !(load && reg === 0)) {
    if (load)
      return wide
        ? 0x6002 | (reg << 7) | bits(offset, [5, 12], [4, 6], [3, 5], [8, 4], [7, 3], [6, 2])
        : 0x4002 | (reg << 7) | bits(offset, [5, 12], [4, 6], [3, 5], [2, 4], [7, 3], [6, 2]);
    return wide
      ? 0xe002 | (reg << 2) | bits(offset, [5, 12], [4, 11], [3, 10], [8, 9], [7, 8], [6, 7])
      : 0xc002 | (reg << 2) | bits(offset, [5, 12], [4, 11], [3, 10], [2, 9], [7, 8], [6, 7]);
  }
  if (!isSmall(reg) || !isSmall(base) || offset >= 32 * size) return undefined;
  const places = wide
    ? bits(offset, [5, 12], [4, 11], [3, 10], [7, 6], [6, 5])
    : bits(offset, [5, 12], [4, 11], [3, 10], [2, 6], [6, 5]);
  const code = load ? (wide ? 0x6000 : 0x4000) : wide ? 0xe000 : 0xc000;
  return code | places | ((base - 8) << 7) | ((reg - 8) << 2);
}

/** `jalr zero, 0(to)` and `jalr ra, 0(to)` */
export const jumpTo = (to: Reg): number => 0x8002 | (to << 7);
export const callTo = (to: Reg): number => 0x9002 | (to << 7);

/** `jal zero` over a distance that fits 12 bits. */
export function jump(distance: number): number {
  return (
    0xa001 |
    bits(
      distance,
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
    )
  );
}

/** `beq` or `bne` with zero, over a distance that fits 9 bits; for the eight registers. */
export function branch(equal: boolean, reg: Reg, distance: number): number {
  return (
    (equal ? 0xc001 : 0xe001) |
    ((reg - 8) << 7) |
    bits(distance, [8, 12], [4, 11], [3, 10], [7, 6], [6, 5], [2, 4], [1, 3], [5, 2])
  );
}

export { isSmall };
