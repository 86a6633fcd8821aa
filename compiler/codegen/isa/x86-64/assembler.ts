/** Writes x86 machine code: labels, short and near jumps, holes for the linker. 64-bit code, or 32-bit for the way into it. */
import { CodeWriter, type JumpForm, type Label } from "../code-writer.ts";
import {
  type Alu,
  alu,
  type BitOp,
  bitOps,
  type Plain,
  plain,
  type RmOp,
  rmOps,
  type Shift,
  type Sse,
  type SystemOp,
  shifts,
  sse,
  systemOps,
  type Unary,
  unary,
} from "./insns.ts";
import { type Condition, conditions, type Mem, type Reg, rax, rsp, type Size } from "./regs.ts";

export type { Label } from "../code-writer.ts";

type Operand = Reg | Mem;

const fitsByte = (value: number): boolean => value >= -128 && value <= 127;

const isReg = (operand: Operand): operand is Reg => typeof operand === "number";

const short = (code: number): JumpForm => ({
  size: 2,
  fits: (distance) => fitsByte(distance - 2),
  write(to, at, distance) {
    to.setUint8(at, code);
    to.setInt8(at + 1, distance - 2);
  },
});

const near = (...code: readonly number[]): JumpForm => ({
  size: code.length + 4,
  fits: () => true,
  write(to, at, distance) {
    code.forEach((byte, n) => {
      to.setUint8(at + n, byte);
    });
    to.setInt32(at + code.length, distance - code.length - 4, true);
  },
});

const jumpForms = [short(0xeb), near(0xe9)];
const branchForms = Object.values(conditions).map((number) => [
  short(0x70 + number),
  near(0x0f, 0x80 + number),
]);

export class Assembler extends CodeWriter {
  readonly bits: 32 | 64;

  constructor(bits: 32 | 64 = 64) {
    super();
    this.bits = bits;
  }

  jump(label: Label, condition?: Condition): void {
    this.jumpIn(condition === undefined ? jumpForms : branchForms[conditions[condition]]!, label);
  }

  /** Room for an address. */
  address(symbol: string, kind: "abs64" | "abs32" | "rel32", addend = 0): void {
    this.hole(symbol, kind, addend);
    this.byte(...new Array<number>(kind === "abs64" ? 8 : 4).fill(0));
  }

  // ---- instructions

  plain(name: Plain): void {
    this.byte(...plain[name]);
  }

  /** `name to, from`: from register, memory or immediate to register or memory. */
  alu(name: Alu, size: Size, to: Operand, from: Operand | { readonly imm: number }): void {
    if (typeof from === "object" && "imm" in from) return this.#aluImmediate(name, size, to, from.imm);
    if (isReg(from)) this.#modrm(size, alu[name] * 8 + 1, from, to, { byteForm: true });
    else this.#modrm(size, alu[name] * 8 + 3, to as Reg, from, { byteForm: true });
  }

  #aluImmediate(name: Alu, size: Size, to: Operand, imm: number): void {
    if (to === rax && size === 1) return this.byte(alu[name] * 8 + 4, imm & 255);
    if (size === 1) return this.#group(1, 0x81, alu[name], to, () => this.byte(imm & 255), 1);
    if (fitsByte(imm)) return this.#group(size, 0x83, alu[name], to, () => this.byte(imm & 255), 1);
    if (to === rax && size >= 4) {
      this.#rex(size === 8, 0, 0, 0, false);
      this.byte(alu[name] * 8 + 5);
      return this.u32(imm);
    }
    this.#group(size, 0x81, alu[name], to, () => this.#imm(size, imm), size === 2 ? 2 : 4);
  }

  test(size: Size, left: Operand, right: Reg | { readonly imm: number }): void {
    if (typeof right === "number") return this.#modrm(size, 0x85, right, left, { byteForm: true });
    // The bits of a byte are tested there: the result has no others.
    if (right.imm >= 0 && right.imm < 128) size = 1;
    if (left === rax && (size === 1 || size === 4)) {
      this.byte(size === 1 ? 0xa8 : 0xa9);
      return this.#imm(size, right.imm);
    }
    this.#group(size, 0xf7, 0, left, () => this.#imm(size, right.imm), size === 8 ? 4 : size);
  }

  /** Between registers and memory. A 32-bit move to a register clears its upper half. */
  mov(size: Size, to: Operand, from: Operand): void {
    if (isReg(from)) this.#modrm(size, 0x89, from, to, { byteForm: true });
    else this.#modrm(size, 0x8b, to as Reg, from, { byteForm: true });
  }

  /** The shortest way to put a 64-bit constant into a register; flags are kept. */
  movImm(to: Reg, value: bigint): void {
    const unsigned = BigInt.asUintN(64, value);
    if (unsigned < 1n << 32n) {
      this.#rex(false, 0, 0, to, false);
      this.byte(0xb8 + (to & 7));
      this.u32(Number(BigInt.asIntN(32, unsigned)));
    } else if (BigInt.asIntN(32, value) === BigInt.asIntN(64, value)) {
      this.storeImm(8, to, Number(BigInt.asIntN(64, value)));
    } else {
      this.#rex(true, 0, 0, to, false);
      this.byte(0xb8 + (to & 7));
      this.u64(value);
    }
  }

  /** Stores an immediate (sign-extended from 32 bits). */
  storeImm(size: Size, to: Operand, imm: number): void {
    this.#group(size, 0xc7, 0, to, () => this.#imm(size, imm), size === 8 ? 4 : size);
  }

  /** The address of a symbol into a register: absolute, 32 bits, zero-extended. */
  movAddress(to: Reg, symbol: string, addend = 0): void {
    this.#rex(false, 0, 0, to, false);
    this.byte(0xb8 + (to & 7));
    this.address(symbol, "abs32", addend);
  }

  /** Loads 1 or 2 bytes, or 4 to 8, extended to `size`. */
  extend(signed: boolean, size: 4 | 8, from: 1 | 2 | 4, to: Reg, source: Operand): void {
    if (from === 4) {
      if (!signed) return this.mov(4, to, source);
      return this.#modrm(8, 0x63, to, source, {});
    }
    const code = (signed ? 0x0fbe : 0x0fb6) + (from === 2 ? 1 : 0);
    this.#modrm(signed ? size : 4, code, to, source, { byteRm: from === 1 });
  }

  rm(name: RmOp, size: 2 | 4 | 8, to: Reg, from: Operand): void {
    this.#modrm(size, rmOps[name], to, from, {});
  }

  /** `to = from * imm`. */
  imulImm(size: 4 | 8, to: Reg, from: Operand, imm: number): void {
    const short = fitsByte(imm);
    this.#modrm(size, short ? 0x6b : 0x69, to, from, { immediate: short ? 1 : 4 });
    if (short) this.byte(imm & 255);
    else this.u32(imm);
  }

  unary(name: Unary, size: Size, operand: Operand): void {
    this.#group(size, unary[name].code, unary[name].ext, operand);
  }

  /** `count` undefined: by cl. */
  shift(name: Shift, size: Size, operand: Operand, count?: number): void {
    if (count === undefined) this.#group(size, 0xd3, shifts[name], operand);
    else if (count === 1) this.#group(size, 0xd1, shifts[name], operand);
    else this.#group(size, 0xc1, shifts[name], operand, () => this.byte(count & 255), 1);
  }

  bit(name: BitOp, size: 4 | 8, operand: Operand, number: number): void {
    this.#modrm(size, 0x0fba, bitOps[name], operand, { immediate: 1 });
    this.byte(number);
  }

  bswap(size: 4 | 8, reg: Reg): void {
    this.#rex(size === 8, 0, 0, reg, false);
    this.byte(0x0f, 0xc8 + (reg & 7));
  }

  xchg(size: Size, reg: Reg, other: Operand): void {
    this.#modrm(size, 0x87, reg, other, { byteForm: true });
  }

  setcc(condition: Condition, to: Reg): void {
    this.#modrm(4, 0x0f90 + conditions[condition], 0, to, { byteRm: true });
  }

  cmov(condition: Condition, size: 4 | 8, to: Reg, from: Operand): void {
    this.#modrm(size, 0x0f40 + conditions[condition], to, from, {});
  }

  push(reg: Reg): void {
    this.#rex(false, 0, 0, reg, false);
    this.byte(0x50 + (reg & 7));
  }

  pop(reg: Reg): void {
    this.#rex(false, 0, 0, reg, false);
    this.byte(0x58 + (reg & 7));
  }

  pushImm(imm: number): void {
    if (fitsByte(imm)) this.byte(0x6a, imm & 255);
    else {
      this.byte(0x68);
      this.u32(imm);
    }
  }

  rdrand(size: 4 | 8, to: Reg): void {
    this.#modrm(size, 0x0fc7, 6, to, {});
  }

  system(name: SystemOp, operand: Operand): void {
    this.#modrm(4, systemOps[name].code, systemOps[name].ext, operand, {});
  }

  /** Control registers. */
  readControl(to: Reg, control: number): void {
    this.#rex(false, control, 0, to, false);
    this.byte(0x0f, 0x20, 0xc0 | ((control & 7) << 3) | (to & 7));
  }

  writeControl(control: number, from: Reg): void {
    this.#rex(false, control, 0, from, false);
    this.byte(0x0f, 0x22, 0xc0 | ((control & 7) << 3) | (from & 7));
  }

  /** Data segment registers by number: es 0, ss 2, ds 3, fs 4, gs 5. */
  movSegment(segment: number, from: Reg): void {
    this.byte(0x8e, 0xc0 | (segment << 3) | from);
  }

  /** Floats: `to` is an xmm register, `from` an xmm register, a general one, or memory, as the instruction has it. */
  sse(name: Sse, to: Reg, from: Operand): void {
    const { prefix, code, wide } = sse[name];
    this.#modrm(wide ? 8 : 4, code, to, from, { prefix });
  }

  /** `movd` and `movq` out of an xmm register. */
  fromXmm(size: 4 | 8, to: Operand, xmm: Reg): void {
    this.#modrm(size, 0x0f7e, xmm, to, { prefix: 0x66 });
  }

  // ---- control

  jumpSymbol(symbol: string, condition?: Condition): void {
    if (condition === undefined) this.byte(0xe9);
    else this.byte(0x0f, 0x80 + conditions[condition]);
    this.address(symbol, "rel32");
  }

  call(symbol: string): void {
    this.byte(0xe8);
    this.address(symbol, "rel32");
  }

  jumpTo(operand: Operand): void {
    this.#modrm(4, 0xff, 4, operand, {});
  }

  callTo(operand: Operand): void {
    this.#modrm(4, 0xff, 2, operand, {});
  }

  /** Far jump of 32-bit code. */
  jumpFar(selector: number, symbol: string): void {
    this.byte(0xea);
    this.address(symbol, "abs32");
    this.u16(selector);
  }

  /** An instruction that never is one, and a number for whoever sees it fault. */
  trap(code: number): void {
    this.plain("ud2");
    this.byte(code);
  }

  // ---- encoding

  #imm(size: Size, imm: number): void {
    if (size === 1) this.byte(imm & 255);
    else if (size === 2) this.u16(imm & 0xffff);
    else this.u32(imm);
  }

  #group(
    size: Size,
    code: number,
    ext: number,
    operand: Operand,
    immediate?: () => void,
    immediateBytes = 0,
  ): void {
    this.#modrm(size, code, ext, operand, { byteForm: true, immediate: immediateBytes, digit: true });
    immediate?.();
  }

  #rex(wide: boolean, reg: Reg, index: Reg, base: Reg, force: boolean): void {
    const rex = 0x40 | (wide ? 8 : 0) | (reg >= 8 ? 4 : 0) | (index >= 8 ? 2 : 0) | (base >= 8 ? 1 : 0);
    if (rex === 0x40 && !force) return;
    if (this.bits === 32) throw new Error("BUG: REX prefix in 32-bit code");
    this.byte(rex);
  }

  /**
   * Prefixes, opcode, ModRM, SIB and displacement. `byteForm`: size 1 is opcode - 1. `byteRm`: r/m is a byte register whatever the size.
   * `prefix`: a byte before all others; 0 is none. `immediate`: bytes that follow, which a rip-relative displacement must know of. `digit`: the register field is part of the opcode.
   */
  #modrm(
    size: Size,
    code: number,
    reg: Reg,
    operand: Operand,
    how: { byteForm?: boolean; byteRm?: boolean; immediate?: number; digit?: boolean; prefix?: number },
  ): void {
    if (size === 2) this.byte(0x66);
    if (how.prefix) this.byte(how.prefix);
    const opcode = size === 1 && how.byteForm ? code - 1 : code;
    const wide = size === 8;
    const base = isReg(operand) ? operand : (operand.base ?? 0);
    const index = isReg(operand) ? 0 : (operand.index ?? 0);
    // spl, bpl, sil, dil exist only with a REX prefix.
    const byteReg =
      (size === 1 && !how.digit && reg >= 4 && reg < 8) ||
      ((size === 1 || how.byteRm === true) && isReg(operand) && operand >= 4 && operand < 8);
    this.#rex(wide, reg, index, base, byteReg && this.bits === 64);
    if (opcode > 0xff) this.byte(opcode >> 8, opcode & 255);
    else this.byte(opcode);
    if (isReg(operand)) this.byte(0xc0 | ((reg & 7) << 3) | (operand & 7));
    else this.#memory(reg & 7, operand, how.immediate ?? 0);
  }

  #memory(reg: number, { base, index, scale, disp = 0, symbol }: Mem, immediate: number): void {
    const scaleBits = { 1: 0, 2: 0x40, 4: 0x80, 8: 0xc0 }[scale ?? 1];
    if (base === undefined) {
      if (symbol !== undefined && index === undefined) {
        this.byte((reg << 3) | 5);
        if (this.bits === 64) return this.address(symbol, "rel32", disp - immediate);
        return this.address(symbol, "abs32", disp);
      }
      if (index === undefined && this.bits === 32) this.byte((reg << 3) | 5);
      else this.byte((reg << 3) | 4, scaleBits | (((index ?? rsp) & 7) << 3) | 5);
      if (symbol !== undefined) return this.address(symbol, "abs32", disp);
      return this.u32(disp);
    }
    const mode = disp === 0 && (base & 7) !== 5 ? 0 : fitsByte(disp) ? 0x40 : 0x80;
    if (symbol !== undefined) throw new Error("BUG: a symbol with a base register");
    if (index !== undefined || (base & 7) === 4) {
      if (index === rsp) throw new Error("BUG: rsp cannot be an index");
      this.byte(mode | (reg << 3) | 4, scaleBits | (((index ?? 4) & 7) << 3) | (base & 7));
    } else this.byte(mode | (reg << 3) | (base & 7));
    if (mode === 0x40) this.byte(disp & 255);
    else if (mode === 0x80) this.u32(disp);
  }
}
