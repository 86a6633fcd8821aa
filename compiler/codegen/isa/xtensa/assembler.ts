/**
 * Writes Xtensa machine code, little-endian: 16-bit forms wherever there are such, branches as short as they can be. Constants that no instruction holds and
 * addresses are literals: words before the code of a section, which `l32r` reads.
 */
import type { Access, Relocation, Section } from "../../object/section.ts";
import { CodeWriter, type JumpForm, type Label } from "../code-writer.ts";
import {
  type Amount,
  amounts,
  type Branch,
  branches,
  type ConstantBranch,
  constantBranches,
  type LoadName,
  loads,
  type Plain,
  plain,
  type Rrr,
  type Rt,
  rrr,
  rt,
  type Special,
  type StoreName,
  signedConstants,
  specials,
  stores,
  unsignedConstants,
  type ZeroBranch,
  zeroBranches,
} from "./insns.ts";
import { a0, type Reg } from "./regs.ts";

export type { Label } from "../code-writer.ts";

export const fits8 = (value: number): boolean => value >= -128 && value <= 127;
const fits12 = (value: number): boolean => value >= -2048 && value <= 2047;

type Literal = { readonly value: number } | { readonly symbol: string; readonly addend: number };

export class Assembler extends CodeWriter {
  readonly #literals = new Map<string, Literal>();

  // ---- registers

  r(name: Rrr, to: Reg, left: Reg, right: Reg): void {
    if (name === "add") return this.u16((to << 12) | (left << 8) | (right << 4) | 0xa);
    const { op1, op2 } = rrr[name];
    this.#rrr(op2, op1, to, left, right);
  }

  rt(name: Rt, to: Reg, from: Reg): void {
    const { op1, op2, s } = rt[name];
    this.#rrr(op2, op1, to, s, from);
  }

  mv(to: Reg, from: Reg): void {
    if (to !== from) this.u16((from << 8) | (to << 4) | 0xd);
  }

  /** -128 to 127; or a multiple of 256 from -32768 to 32512. */
  addi(to: Reg, from: Reg, imm: number): void {
    if (imm === -1 || (imm >= 1 && imm <= 15))
      return this.u16((to << 12) | (from << 8) | ((imm === -1 ? 0 : imm) << 4) | 0xb);
    if (fits8(imm)) return this.#rri8(0xc, to, from, imm);
    if ((imm & 255) !== 0 || !fits8(imm >> 8)) throw new Error(`BUG: ${imm} cannot be added`);
    this.#rri8(0xd, to, from, imm >> 8);
  }

  /** `by` left, 1 to 31. */
  slli(to: Reg, from: Reg, by: number): void {
    const field = 32 - by;
    this.#rrr(field >> 4, 1, to, from, field & 15);
  }

  /** 1 to 31; from 16 on it takes what is left of the register. */
  srli(to: Reg, from: Reg, by: number): void {
    if (by > 15) return this.extui(to, from, by, 32 - by);
    this.#rrr(4, 1, to, by, from);
  }

  srai(to: Reg, from: Reg, by: number): void {
    this.#rrr(2 | (by >> 4), 1, to, by & 15, from);
  }

  /** `bits` of them, 1 to 16, from `shift` on. */
  extui(to: Reg, from: Reg, shift: number, bits: number): void {
    this.#rrr(bits - 1, 4 | (shift >> 4), to, shift & 15, from);
  }

  /** Sign-extends from `bits`, 8 to 23. */
  sext(to: Reg, from: Reg, bits: number): void {
    this.#rrr(2, 3, to, from, bits - 8);
  }

  /** Leading zeros; of 0 there are 32. */
  nsau(to: Reg, from: Reg): void {
    this.#rrr(4, 0, 15, from, to);
  }

  /** What `sll`, `srl`, `sra` and `src` shift by, from a register. */
  amount(name: Amount, from: Reg): void {
    this.#rrr(4, 0, amounts[name], from, 0);
  }

  ssai(by: number): void {
    this.#rrr(4, 0, 4, by & 15, by >> 4);
  }

  sll(to: Reg, from: Reg): void {
    this.#rrr(10, 1, to, from, 0);
  }

  special(name: "rsr" | "wsr" | "xsr", reg: Reg, special: Special): void {
    const number = specials[special];
    const [op2, op1] = name === "xsr" ? [6, 1] : [name === "wsr" ? 1 : 0, 3];
    this.#rrr(op2, op1, number >> 4, number & 15, reg);
  }

  /** Puts a constant into a register. */
  li(to: Reg, value: bigint): void {
    const number = Number(BigInt.asIntN(32, value));
    if (number >= -32 && number <= 95)
      return this.u16(((number & 15) << 12) | (to << 8) | (number & 0x70) | 0xc);
    if (fits12(number)) return this.#rri8(0xa, to, (number >> 8) & 15, number);
    this.#l32r(to, { value: number });
  }

  /** The address of a symbol. */
  la(to: Reg, symbol: string, addend = 0): void {
    this.#l32r(to, { symbol, addend });
  }

  // ---- memory

  /** Offsets are multiples of the access's bytes, up to 255 of them. */
  load(name: LoadName, to: Reg, base: Reg, offset = 0): void {
    if (name === "l32i" && offset < 64) return this.u16((offset << 10) | (base << 8) | (to << 4) | 8);
    this.#access(loads[name], to, base, offset);
  }

  store(name: StoreName, from: Reg, base: Reg, offset = 0): void {
    if (name === "s32i" && offset < 64) return this.u16((offset << 10) | (base << 8) | (from << 4) | 9);
    this.#access(stores[name], from, base, offset);
  }

  /** Room for an address. */
  address(symbol: string, addend = 0): void {
    this.hole(symbol, "abs32", addend);
    this.u32(0);
  }

  // ---- control

  jump(label: Label): void {
    this.jumpIn([jumpForm], label);
  }

  branch(name: Branch, left: Reg, right: Reg, label: Label): void {
    this.#branch(8, (right << 4) | (left << 8) | 7, branches[name] << 12, 8 << 12, label);
  }

  branchZero(name: ZeroBranch, reg: Reg, label: Label): void {
    const m = zeroBranches[name];
    const forms = branchForms(12, (reg << 8) | 0x16 | (m << 6), 1 << 6);
    if (m < 2) forms.unshift(shortForm(0x8c | (m << 6) | (reg << 8)));
    this.jumpIn(forms, label);
  }

  /** `field`: the place of the constant in its table. */
  branchConstant(name: ConstantBranch, reg: Reg, constant: number, label: Label): void {
    const { n, m } = constantBranches[name];
    const field = (n === 2 ? signedConstants : unsignedConstants).indexOf(constant);
    if (field < 0) throw new Error(`BUG: nothing branches on ${constant}`);
    this.jumpIn(branchForms(8, (field << 12) | (reg << 8) | (m << 6) | (n << 4) | 6, 1 << 6), label);
  }

  /** On a bit being set. */
  branchBit(set: boolean, reg: Reg, bit: number, label: Label): void {
    const code = ((set ? 0xe : 6) | (bit >> 4)) << 12;
    this.#branch(8, ((bit & 15) << 4) | (reg << 8) | 7, code, 8 << 12, label);
  }

  call(symbol: string): void {
    this.hole(symbol, "xtensa call0");
    this.#u24(5);
  }

  callTo(to: Reg): void {
    this.#rrr(0, 0, 0, to, 12);
  }

  jumpTo(to: Reg): void {
    if (to === a0) return this.ret();
    this.#rrr(0, 0, 0, to, 10);
  }

  ret(): void {
    this.u16(0xf00d);
  }

  plain(name: Plain): void {
    this.#u24(plain[name]);
  }

  /** An instruction that never is one, and a number for whoever sees it fault. */
  trap(code: number): void {
    this.u16(0xf06d);
    this.byte(code);
  }

  // ---- the end

  /** Literals, then the code, which begins on a multiple of four. */
  override section(name: string, access: Access = "rx", align = 4): Section {
    const code = super.section(name, access, align);
    const start = 4 * this.#literals.size;
    if (start === 0) return code;
    const bytes = new Uint8Array(start + code.bytes.length);
    bytes.set(code.bytes, start);
    const view = new DataView(bytes.buffer);
    const relocations: Relocation[] = [];
    [...this.#literals.values()].forEach((literal, n) => {
      if ("value" in literal) view.setInt32(4 * n, literal.value, true);
      else relocations.push({ offset: 4 * n, kind: "abs32", ...literal });
    });
    const moved = <T extends { readonly offset: number }>(each: T): T => ({
      ...each,
      offset: start + each.offset,
    });
    return {
      ...code,
      bytes,
      size: bytes.length,
      symbols: code.symbols.map(moved),
      relocations: [...relocations, ...code.relocations.map(moved)],
      ...(code.lines && { lines: code.lines.map(moved) }),
    };
  }

  // ---- encodings

  #l32r(to: Reg, literal: Literal): void {
    const key = "value" in literal ? String(literal.value) : `${literal.symbol} ${literal.addend}`;
    if (!this.#literals.has(key)) this.#literals.set(key, literal);
    const index = [...this.#literals.keys()].indexOf(key);
    // Where the literals are is known when there are no more of them.
    const form: JumpForm = {
      size: 3,
      fits: () => true,
      write: (view, at) => {
        const words = index - this.#literals.size - ((at + 3) >> 2);
        if (words < -65536) throw new Error("BUG: a literal is too far");
        write24(view, at, ((words & 0xffff) << 8) | (to << 4) | 1);
      },
    };
    this.jumpIn([form], this.here());
  }

  #branch(bits: 8, fixed: number, code: number, opposite: number, label: Label): void {
    this.jumpIn(branchForms(bits, fixed | code, opposite), label);
  }

  #access(
    { r, unit }: { readonly r: number; readonly unit: number },
    reg: Reg,
    base: Reg,
    offset: number,
  ): void {
    if (offset < 0 || offset >> unit > 255 || offset & ((1 << unit) - 1))
      throw new Error(`BUG: offset ${offset}`);
    this.#u24(((offset >> unit) << 16) | (r << 12) | (base << 8) | (reg << 4) | 2);
  }

  #rri8(r: number, t: Reg, s: Reg, imm: number): void {
    this.#u24(((imm & 255) << 16) | (r << 12) | (s << 8) | (t << 4) | 2);
  }

  #rrr(op2: number, op1: number, r: number, s: number, t: number): void {
    this.#u24((op2 << 20) | (op1 << 16) | (r << 12) | (s << 8) | (t << 4));
  }

  #u24(value: number): void {
    this.byte(value & 255, (value >> 8) & 255, (value >> 16) & 255);
  }
}

function write24(to: DataView, at: number, value: number): void {
  to.setUint16(at, value & 0xffff, true);
  to.setUint8(at + 2, (value >> 16) & 255);
}

const within = (bits: number, value: number): boolean =>
  value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1);

const jumpForm: JumpForm = {
  size: 3,
  fits: (distance) => within(18, distance - 4),
  write: (to, at, distance) => write24(to, at, (((distance - 4) & 0x3ffff) << 6) | 6),
};

/** `beqz.n` and `bnez.n`: forwards only. */
const shortForm = (fixed: number): JumpForm => ({
  size: 2,
  fits: (distance) => distance >= 4 && distance <= 67,
  write: (to, at, distance) =>
    to.setUint16(at, fixed | (((distance - 4) & 0x30) | (((distance - 4) & 15) << 12)), true),
});

/** The branch, and the opposite one over a jump. `opposite`: the bit that turns it round. */
function branchForms(bits: 8 | 12, fixed: number, opposite: number): JumpForm[] {
  const encode = (code: number, distance: number) =>
    code | (((distance - 4) & ((1 << bits) - 1)) << (24 - bits));
  return [
    {
      size: 3,
      fits: (distance) => within(bits, distance - 4),
      write: (to, at, distance) => write24(to, at, encode(fixed, distance)),
    },
    {
      size: 6,
      fits: (distance) => jumpForm.fits(distance - 3),
      write(to, at, distance) {
        write24(to, at, encode(fixed ^ opposite, 6));
        jumpForm.write(to, at + 3, distance - 3);
      },
    },
  ];
}
