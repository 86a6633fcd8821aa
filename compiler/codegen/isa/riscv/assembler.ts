/** Writes RISC-V machine code: 16-bit forms wherever there are such, jumps as short as they can be, holes for the linker. */
import { CodeWriter, type JumpForm, type Label } from "../code-writer.ts";
import * as c from "./compress.ts";
import {
  type Condition,
  type Csr,
  type CsrOp,
  conditions,
  csrOps,
  csrs,
  type FloatType,
  floatType,
  type IType,
  iType,
  type LoadName,
  loads,
  opcodes,
  type Plain,
  plain,
  type RType,
  rType,
  type ShiftType,
  type StoreName,
  shiftType,
  stores,
  type UnaryType,
  unaryType,
} from "./insns.ts";
import { type Reg, ra, zero } from "./regs.ts";

export type { Label } from "../code-writer.ts";

export const fits12 = (value: number): boolean => value >= -2048 && value <= 2047;

export class Assembler extends CodeWriter {
  readonly xlen: 32 | 64;

  constructor(xlen: 32 | 64) {
    super();
    this.xlen = xlen;
  }

  // ---- registers

  r(name: RType, to: Reg, left: Reg, right: Reg): void {
    const short = c.register(name, to, left, right);
    if (short !== undefined) return this.u16(short);
    const { opcode, funct3, funct7 } = rType[name];
    this.u32((funct7 << 25) | (right << 20) | (left << 15) | (funct3 << 12) | (to << 7) | opcode);
  }

  i(name: IType, to: Reg, from: Reg, imm: number): void {
    const short =
      name === "addi"
        ? c.addi(to, from, imm)
        : name === "addiw"
          ? c.addiw(to, from, imm)
          : name === "andi"
            ? c.andi(to, from, imm)
            : undefined;
    if (short !== undefined) return this.u16(short);
    const { opcode, funct3 } = iType[name];
    this.#i(opcode, funct3, to, from, imm);
  }

  shift(name: ShiftType, to: Reg, from: Reg, count: number): void {
    const short = c.shift(name, to, from, count);
    if (short !== undefined) return this.u16(short);
    const { opcode, funct3, high } = shiftType[name];
    this.#i(opcode, funct3, to, from, (high << 6) | count);
  }

  unary(name: UnaryType, to: Reg, from: Reg): void {
    const { opcode, funct3, second } = unaryType[name];
    this.u32((second << 20) | (from << 15) | (funct3 << 12) | (to << 7) | opcode);
  }

  mv(to: Reg, from: Reg): void {
    if (to !== from) this.i("addi", to, from, 0);
  }

  lui(to: Reg, high: number): void {
    const short = c.lui(to, high);
    if (short !== undefined) return this.u16(short);
    this.u32((high << 12) | (to << 7) | opcodes.lui);
  }

  /** Puts a constant, sign-extended from `xlen`, into a register. */
  li(to: Reg, value: bigint): void {
    const wanted = BigInt.asIntN(this.xlen, value);
    if (BigInt.asIntN(32, wanted) === wanted) return this.#li32(to, Number(wanted));
    // The low 12 bits are added last, what is above them is made first and shifted in.
    const low = BigInt.asIntN(12, wanted);
    let high = BigInt.asIntN(64, wanted - low) >> 12n;
    let shift = 12;
    while ((high & 1n) === 0n) {
      high >>= 1n;
      shift += 1;
    }
    this.li(to, BigInt.asIntN(64 - shift, high));
    this.shift("slli", to, to, shift);
    if (low !== 0n) this.i("addi", to, to, Number(low));
  }

  #li32(to: Reg, value: number): void {
    if (fits12(value)) return this.i("addi", to, zero, value);
    const low = (value << 20) >> 20;
    this.lui(to, (((value - low) >> 12) << 12) >> 12);
    if (low !== 0) this.i(this.xlen === 64 ? "addiw" : "addi", to, to, low);
  }

  /** Floats; which of the registers are of them is in the name. `right` only where there is a second operand. */
  f(name: FloatType, to: Reg, left: Reg, right = 0): void {
    const { funct7, mode, second } = floatType[name];
    const last = second ?? right;
    this.u32((funct7 << 25) | (last << 20) | (left << 15) | (mode << 12) | (to << 7) | opcodes.opFp);
  }

  // ---- memory

  load(name: LoadName, to: Reg, base: Reg, offset = 0): void {
    const short = c.access(this.xlen, name, to, base, offset);
    if (short !== undefined) return this.u16(short);
    this.#i(opcodes.load, loads[name], to, base, offset);
  }

  store(name: StoreName, from: Reg, base: Reg, offset = 0): void {
    const short = c.access(this.xlen, name, from, base, offset);
    if (short !== undefined) return this.u16(short);
    this.#s(stores[name], from, base, offset);
  }

  /** The address of a symbol. */
  la(to: Reg, symbol: string, addend = 0): void {
    this.hole(symbol, "riscv load", addend);
    this.#auipc(to);
    this.#i(opcodes.opImm, 0, to, to, 0);
  }

  loadFrom(name: LoadName, to: Reg, symbol: string, addend = 0): void {
    this.hole(symbol, "riscv load", addend);
    this.#auipc(to);
    this.#i(opcodes.load, loads[name], to, to, 0);
  }

  /** `by` is destroyed. */
  storeTo(name: StoreName, from: Reg, symbol: string, by: Reg, addend = 0): void {
    this.hole(symbol, "riscv store", addend);
    this.#auipc(by);
    this.#s(stores[name], from, by, 0);
  }

  /** Room for an address. */
  address(symbol: string, addend = 0): void {
    this.hole(symbol, this.xlen === 64 ? "abs64" : "abs32", addend);
    this.u32(0);
    if (this.xlen === 64) this.u32(0);
  }

  // ---- control

  jump(label: Label): void {
    this.jumpIn([shortJump, longJump(zero)], label);
  }

  branch(condition: Condition, left: Reg, right: Reg, label: Label): void {
    const forms = [branchForm(condition, left, right), farBranch(condition, left, right)];
    const other = right === zero ? left : left === zero ? right : undefined;
    if (other !== undefined && c.isSmall(other) && (condition === "eq" || condition === "ne"))
      forms.unshift(shortBranch(condition === "eq", other));
    this.jumpIn(forms, label);
  }

  call(symbol: string): void {
    this.hole(symbol, "riscv jal");
    this.u32((ra << 7) | opcodes.jal);
  }

  /** A jump to another section. */
  tail(symbol: string): void {
    this.hole(symbol, "riscv jal");
    this.u32(opcodes.jal);
  }

  callTo(to: Reg): void {
    this.u16(c.callTo(to));
  }

  jumpTo(to: Reg): void {
    this.u16(c.jumpTo(to));
  }

  ret(): void {
    this.jumpTo(ra);
  }

  plain(name: Plain): void {
    this.u32(plain[name]);
  }

  csr(name: CsrOp, to: Reg, csr: Csr, from: Reg): void {
    this.#i(opcodes.system, csrOps[name], to, from, csrs[csr]);
  }

  csrImm(name: CsrOp, to: Reg, csr: Csr, imm: number): void {
    this.#i(opcodes.system, csrOps[name] + 4, to, imm, csrs[csr]);
  }

  /** An instruction that never is one, and a number for whoever sees it fault. */
  trap(code: number): void {
    this.u16(0);
    this.u16(code);
  }

  // ---- encodings

  #auipc(to: Reg): void {
    this.u32((to << 7) | opcodes.auipc);
  }

  #i(opcode: number, funct3: number, to: Reg, from: Reg, imm: number): void {
    this.u32((imm << 20) | (from << 15) | (funct3 << 12) | (to << 7) | opcode);
  }

  #s(funct3: number, from: Reg, base: Reg, imm: number): void {
    const high = (imm >> 5) & 127;
    this.u32((high << 25) | (from << 20) | (base << 15) | (funct3 << 12) | ((imm & 31) << 7) | opcodes.store);
  }
}

const within = (bits: number) => (distance: number) =>
  distance >= -(2 ** (bits - 1)) && distance < 2 ** (bits - 1);

const shortJump: JumpForm = {
  size: 2,
  fits: within(12),
  write: (to, at, distance) => to.setUint16(at, c.jump(distance), true),
};

/** `jal`: its immediate by places. */
export function jalImmediate(distance: number): number {
  return (
    (((distance >> 20) & 1) << 31) |
    (((distance >> 1) & 0x3ff) << 21) |
    (((distance >> 11) & 1) << 20) |
    (((distance >> 12) & 0xff) << 12)
  );
}

const longJump = (link: Reg): JumpForm => ({
  size: 4,
  fits: within(21),
  write: (to, at, distance) => to.setInt32(at, jalImmediate(distance) | (link << 7) | opcodes.jal, true),
});

const shortBranch = (equal: boolean, reg: Reg): JumpForm => ({
  size: 2,
  fits: within(9),
  write: (to, at, distance) => to.setUint16(at, c.branch(equal, reg, distance), true),
});

function encodeBranch(condition: number, left: Reg, right: Reg, distance: number): number {
  const imm =
    (((distance >> 12) & 1) << 31) |
    (((distance >> 5) & 63) << 25) |
    (((distance >> 1) & 15) << 8) |
    (((distance >> 11) & 1) << 7);
  return imm | (right << 20) | (left << 15) | (condition << 12) | opcodes.branch;
}

const branchForm = (condition: Condition, left: Reg, right: Reg): JumpForm => ({
  size: 4,
  fits: within(13),
  write: (to, at, distance) =>
    to.setInt32(at, encodeBranch(conditions[condition], left, right, distance), true),
});

/** The opposite branch over a jump. */
const farBranch = (condition: Condition, left: Reg, right: Reg): JumpForm => ({
  size: 8,
  fits: within(21),
  write(to, at, distance) {
    to.setInt32(at, encodeBranch(conditions[condition] ^ 1, left, right, 8), true);
    to.setInt32(at + 4, jalImmediate(distance - 4) | opcodes.jal, true);
  },
});
