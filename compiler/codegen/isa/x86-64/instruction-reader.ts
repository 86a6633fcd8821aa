/** The parts that instructions of 64-bit code are put together from: prefixes, ModRM with SIB and displacement, immediates (Intel SDM volume 2, chapter 2). */
import { signedHex } from "../decoded.ts";
import { names64, type Reg, rax, type Size } from "./regs.ts";

const memoryNames: Readonly<Record<Size, string>> = { 1: "BYTE", 2: "WORD", 4: "DWORD", 8: "QWORD" };

/** `hasRex`: with a REX prefix the numbers 4 to 7 are other bytes. */
function registerName(reg: Reg, size: Size, hasRex = true): string {
  const whole = names64[reg]!;
  if (size === 8) return whole;
  if (reg >= 8) return `${whole}${{ 1: "b", 2: "w", 4: "d" }[size]}`;
  const word = whole.slice(1);
  if (size === 4) return `e${word}`;
  if (size === 2) return word;
  if (reg < 4) return `${word[0]}l`;
  return hasRex ? `${word}l` : ["ah", "ch", "dh", "bh"][reg - 4]!;
}

interface ModRm {
  readonly reg: string;
  readonly rm: string;
  /** The field of the register as a part of the opcode, and what REX adds to it. */
  readonly ext: number;
  readonly high: number;
  readonly xmm: string;
  /** The operand as one of 64 bits, as a bare address, or of the other register file. */
  long(): string;
  address(): string;
  xmmRm(memory: string): string;
}

export class InstructionReader {
  readonly bytes: Uint8Array;
  at: number;
  code = 0;
  /** 0x66, 0xf2, 0xf3; 0: none. */
  prefix = 0;
  wide = false;
  #rex = 0;
  /** What a rip-relative operand refers to; it is counted from the instruction's end. */
  refers: (() => number) | undefined;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get size(): Size {
    return this.wide ? 8 : this.prefix === 0x66 ? 2 : 4;
  }

  next(): number {
    return this.bytes[this.at++] ?? 0;
  }

  opcode(): number {
    this.code = this.next();
    if (this.code === 0x66 || this.code === 0xf2 || this.code === 0xf3) {
      this.prefix = this.code;
      this.code = this.next();
    }
    if (this.code >> 4 === 4) {
      this.#rex = this.code;
      this.wide = (this.code & 8) !== 0;
      this.code = this.next();
    }
    return this.code;
  }

  /** The register in the last byte's low bits. */
  registerInCode(size: Size): string {
    const low = this.bytes[this.at - 1]! & 7;
    return registerName(low + ((this.#rex & 1) << 3), size);
  }

  accumulator(size: Size): string {
    return registerName(rax, size);
  }

  signed(bytes: 1 | 2 | 4): number {
    let value = 0;
    for (let n = 0; n < bytes; n++) value |= this.next() << (8 * n);
    const shift = 32 - 8 * bytes;
    return (value << shift) >> shift;
  }

  bigImmediate(): bigint {
    const low = BigInt(this.signed(4) >>> 0);
    return (BigInt(this.signed(4) >>> 0) << 32n) | low;
  }

  /** `bytes` of it, sign-extended to `size`. */
  immediate(bytes: 1 | 2 | 4, size: Size): string {
    return `0x${BigInt.asUintN(8 * size, BigInt(this.signed(bytes))).toString(16)}`;
  }

  /** Sizes of the register and of the other operand. */
  modrm(regSize: Size, rmSize: Size): ModRm {
    const byte = this.next();
    const hasRex = this.#rex !== 0;
    const ext = (byte >> 3) & 7;
    const high = (this.#rex & 4) << 1;
    const inRegister = byte >> 6 === 3;
    const number = (byte & 7) + ((this.#rex & 1) << 3);
    const place = inRegister ? "" : this.#memory(byte);
    const rm = (size: Size) =>
      inRegister ? registerName(number, size, hasRex) : `${memoryNames[size]} PTR ${place}`;
    return {
      reg: registerName(ext + high, regSize, hasRex),
      rm: rm(rmSize),
      ext,
      high,
      xmm: `xmm${ext + high}`,
      long: () => rm(8),
      address: () => place,
      xmmRm: (memory) => (inRegister ? `xmm${number}` : `${memory} PTR ${place}`),
    };
  }

  #memory(modrm: number): string {
    const mode = modrm >> 6;
    const low = modrm & 7;
    let base: string | undefined = names64[low + ((this.#rex & 1) << 3)];
    let index = "";
    if (low === 4) {
      const sib = this.next();
      const number = ((sib >> 3) & 7) + ((this.#rex & 2) << 2);
      base = (sib & 7) === 5 && mode === 0 ? undefined : names64[(sib & 7) + ((this.#rex & 1) << 3)];
      if (number !== 4) index = `${names64[number]}*${1 << (sib >> 6)}`;
    } else if (low === 5 && mode === 0) {
      const distance = this.signed(4);
      this.refers = () => this.at + distance;
      return `[rip+0x${BigInt.asUintN(64, BigInt(distance)).toString(16)}]`;
    }
    const disp = mode === 1 ? this.signed(1) : mode === 2 || base === undefined ? this.signed(4) : undefined;
    const parts = [base, index].filter((part) => part !== undefined && part !== "").join("+");
    if (parts === "") return `ds:${signedHex(disp!)}`;
    if (disp === undefined) return `[${parts}]`;
    return `[${parts}${disp < 0 ? "" : "+"}${signedHex(disp)}]`;
  }
}
