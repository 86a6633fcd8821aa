/** Reads what the assembler writes: prefixes, opcode, then the form that belongs to it. Only 64-bit code. */
import { byCode, type Decoded } from "../decoded.ts";
import { alu, bitOps, type Plain, plain, rmOps, type Sse, shifts, sse, systemOps, unary } from "./insns.ts";
import { InstructionReader } from "./instruction-reader.ts";
import { conditions, type Size } from "./regs.ts";

const aluNames = byCode(alu, (code) => code);
const shiftNames = byCode(shifts, (code) => code);
const unaryNames = byCode(unary, ({ code, ext }) => code * 8 + ext);
const rmNames = byCode(rmOps, (code) => code);
const bitNames = byCode(bitOps, (code) => code);
const systemNames = byCode(systemOps, ({ code, ext }) => code * 8 + ext);
const conditionNames = byCode(conditions, (code) => code);
const sseKey = (prefix: number, code: number, wide: boolean) => (prefix * 2 + Number(wide)) * 0x10000 + code;
const sseNames = byCode(sse, ({ prefix, code, wide }) => sseKey(prefix, code, wide));
/** The longest first: some begin as others do. */
const plainRows = (Object.entries(plain) as [Plain, readonly number[]][]).toSorted(
  ([, a], [, b]) => b.length - a.length,
);

type Body = Omit<Decoded, "size">;

export function decode(bytes: Uint8Array, at: number): Decoded | undefined {
  const whole = plainRows.find(([, row]) => row.every((byte, n) => bytes[at + n] === byte));
  if (whole !== undefined) {
    const [name, { length }] = whole;
    if (name === "ud2")
      return { size: length + 1, mnemonic: name, operands: [], trap: bytes[at + length] ?? 0 };
    const [mnemonic, ...operands] = name.startsWith("rep") ? [name] : name.split(/,? /);
    return { size: length, mnemonic: mnemonic!, operands };
  }
  const reader = new InstructionReader(bytes, at);
  const body = read(reader);
  if (body === undefined || reader.at > bytes.length) return undefined;
  const { refers } = reader;
  return { size: reader.at - at, ...body, ...(refers !== undefined && { refers: refers() }) };
}

const is = (mnemonic: string | undefined, ...operands: readonly string[]): Body | undefined =>
  mnemonic === undefined ? undefined : { mnemonic, operands };

function read(r: InstructionReader): Body | undefined {
  const code = r.opcode();
  if (code === 0x0f) return read0f(r);
  const low = code & 7;
  if (code < 0x40 && low < 4) return readAlu(r, aluNames.get(code >> 3), low);
  if (code < 0x40 && low < 6) return withAccumulator(r, aluNames.get(code >> 3));
  if (code >> 4 === 7) return jump(r, `j${conditionNames.get(code & 15)}`, 1);
  switch (code & 0xf8) {
    case 0x50:
      return is("push", r.registerInCode(8));
    case 0x58:
      return is("pop", r.registerInCode(8));
    case 0xb8:
      return r.wide
        ? is("movabs", r.registerInCode(8), `0x${r.bigImmediate().toString(16)}`)
        : is("mov", r.registerInCode(4), r.immediate(4, 4));
  }
  return one[code]?.(r, (code & 1) === 0 ? 1 : r.size);
}

type Form = (r: InstructionReader, size: Size) => Body | undefined;

const ofRm = (name: string): Form => {
  return (r, size) => {
    const { reg, rm } = r.modrm(size, size);
    return is(name, rm, reg);
  };
};
const toReg = (name: string): Form => {
  return (r, size) => {
    const { reg, rm } = r.modrm(size, size);
    return is(name, reg, rm);
  };
};
const aluImmediate =
  (bytes: 1 | 4): Form =>
  (r, size) => {
    const { ext, rm } = r.modrm(size, size);
    return is(aluNames.get(ext), rm, r.immediate(immediateBytes(size, bytes), size));
  };
const immediateBytes = (size: Size, most: 1 | 4): 1 | 2 | 4 =>
  (size === 8 ? most : Math.min(size, most)) as 1;
const shift =
  (count: (r: InstructionReader) => string): Form =>
  (r, size) => {
    const { ext, rm } = r.modrm(size, size);
    return is(shiftNames.get(ext), rm, count(r));
  };
const times =
  (bytes: 1 | 4): Form =>
  (r) => {
    const { reg, rm } = r.modrm(r.size, r.size);
    return is("imul", reg, rm, r.immediate(bytes, r.size));
  };
const store: Form = (r, size) =>
  is("mov", r.modrm(size, size).rm, r.immediate(immediateBytes(size, 4), size));
const group: Form = (r, size) => {
  const code = r.code | 1;
  const { ext, rm, long } = r.modrm(size, size);
  if (code === 0xf7 && ext === 0) return is("test", rm, r.immediate(immediateBytes(size, 4), size));
  if (code === 0xff && ext === 2) return is("call", long());
  if (code === 0xff && ext === 4) return is("jmp", long());
  return is(unaryNames.get(code * 8 + ext), rm);
};

/** Opcodes of one byte, but for those that hold a register or a condition. */
const one: Readonly<Record<number, Form>> = {
  99: (r) => {
    const { reg, rm } = r.modrm(8, 4);
    return is("movsxd", reg, rm);
  },
  104: (r) => is("push", r.immediate(4, 8)),
  106: (r) => is("push", r.immediate(1, 8)),
  105: times(4),
  107: times(1),
  128: aluImmediate(1),
  129: aluImmediate(4),
  131: (r) => aluImmediate(1)(r, r.size),
  132: ofRm("test"),
  133: ofRm("test"),
  134: ofRm("xchg"),
  135: ofRm("xchg"),
  136: ofRm("mov"),
  137: ofRm("mov"),
  138: toReg("mov"),
  139: toReg("mov"),
  141: (r) => {
    const { reg, address } = r.modrm(r.size, r.size);
    return is("lea", reg, address());
  },
  168: (r) => withAccumulator(r, "test"),
  169: (r) => withAccumulator(r, "test"),
  192: shift((r) => r.immediate(1, 1)),
  193: shift((r) => r.immediate(1, 1)),
  198: store,
  199: store,
  208: shift(() => "1"),
  209: shift(() => "1"),
  210: shift(() => "cl"),
  211: shift(() => "cl"),
  232: (r) => jump(r, "call", 4),
  233: (r) => jump(r, "jmp", 4),
  235: (r) => jump(r, "jmp", 1),
  246: group,
  247: group,
  254: group,
  255: group,
};

function readAlu(r: InstructionReader, name: string | undefined, form: number): Body | undefined {
  const size = (form & 1) === 0 ? 1 : r.size;
  const { reg, rm } = r.modrm(size, size);
  return form < 2 ? is(name, rm, reg) : is(name, reg, rm);
}

/** Short forms that have `rax`, or a part of it, and an immediate. */
function withAccumulator(r: InstructionReader, name: string | undefined): Body | undefined {
  const size = (r.code & 1) === 0 ? 1 : r.size;
  return is(name, r.accumulator(size), r.immediate(immediateBytes(size, 4), size));
}

function jump(r: InstructionReader, mnemonic: string, bytes: 1 | 4): Body {
  const distance = r.signed(bytes);
  return { mnemonic, operands: [], target: r.at + distance };
}

function read0f(r: InstructionReader): Body | undefined {
  const low = r.next();
  const code = 0x0f00 + low;
  const floats = readSse(r, code);
  if (floats !== undefined) return floats;
  const condition = conditionNames.get(low & 15);
  if (low >> 4 === 4) return toReg(`cmov${condition}`)(r, r.size);
  if (low >> 4 === 8) return jump(r, `j${condition}`, 4);
  if (low >> 4 === 9) return is(`set${condition}`, r.modrm(1, 1).rm);
  if (low >= 0xc8 && low < 0xd0) return is("bswap", r.registerInCode(r.wide ? 8 : 4));
  const rm = rmNames.get(code);
  if (rm !== undefined) return toReg(rm)(r, r.size);
  if (code === 0x0fb6 || code === 0x0fb7 || code === 0x0fbe || code === 0x0fbf) {
    const { reg, rm: from } = r.modrm(r.size, low & 1 ? 2 : 1);
    return is(low < 0xb8 ? "movzx" : "movsx", reg, from);
  }
  if (code === 0x0f20 || code === 0x0f22) {
    const { rm: register, ext, high } = r.modrm(8, 8);
    const control = `cr${ext + high}`;
    return code === 0x0f20 ? is("mov", register, control) : is("mov", control, register);
  }
  const { ext, rm: operand, address } = r.modrm(r.size, r.size);
  if (code === 0x0fba) return is(bitNames.get(ext), operand, r.immediate(1, 1));
  if (code === 0x0fc7 && ext === 6) return is("rdrand", operand);
  const system = systemNames.get(code * 8 + ext);
  return system === "ltr" ? is(system, operand) : system && is(system, address());
}

function readSse(r: InstructionReader, code: number): Body | undefined {
  if (code === 0x0f7e && r.prefix === 0x66) {
    const { rm, xmm } = r.modrm(4, r.wide ? 8 : 4);
    return is(r.wide ? "movq" : "movd", rm, xmm);
  }
  const name = sseNames.get(sseKey(r.prefix, code, r.wide)) as Sse | undefined;
  if (name === undefined) return undefined;
  const fromGeneral = name.startsWith("cvtsi2") || name === "movd" || name === "movq";
  const { reg, rm, xmm, xmmRm } = r.modrm(8, r.wide ? 8 : 4);
  if (name === "cvttsd2si") return is(name, reg, xmmRm("QWORD"));
  return is(name, xmm, fromGeneral ? rm : xmmRm(memorySize(name)));
}

function memorySize(name: Sse): string {
  if (name.endsWith("ps")) return "XMMWORD";
  return (name.endsWith("ss") && name !== "cvtsd2ss") || name === "cvtss2sd" ? "DWORD" : "QWORD";
}
