import fc from "fast-check";
import { expect, test } from "vitest";
import { disassemble as objdump } from "../testing/objdump.ts";
import { Assembler } from "./assembler.ts";
import { type Sse, sse } from "./insns.ts";
import * as r from "./regs.ts";

const disassemble = (bytes: Uint8Array, bits: 32 | 64): string[] =>
  objdump(`x86-${bits}`, bytes).map((line) => line.replaceAll(" PTR ", " "));

function check(cases: readonly [string, (a: Assembler) => void][], bits: 32 | 64 = 64): void {
  const assembler = new Assembler(bits);
  for (const [, write] of cases) write(assembler);
  expect(disassemble(assembler.section("t").bytes, bits)).toEqual(cases.map(([text]) => text));
}

test("every form of instruction reads as the manual spells it", () => {
  check([
    ["add rax,rbx", (a) => a.alu("add", 8, r.rax, r.rbx)],
    ["sub r8d,r15d", (a) => a.alu("sub", 4, r.r8, r.r15)],
    ["cmp BYTE [rax+0x5],sil", (a) => a.alu("cmp", 1, { base: r.rax, disp: 5 }, r.rsi)],
    [
      "and ecx,DWORD [r15+rdx*1+0x1000]",
      (a) => a.alu("and", 4, r.rcx, { base: r.r15, index: r.rdx, disp: 0x1000 }),
    ],
    ["xor r9,0x7f", (a) => a.alu("xor", 8, r.r9, { imm: 0x7f })],
    ["or edi,0x12345678", (a) => a.alu("or", 4, r.rdi, { imm: 0x12345678 })],
    ["cmp BYTE [rsp],0xff", (a) => a.alu("cmp", 1, { base: r.rsp }, { imm: 255 })],
    ["cmp WORD [r12],0x1234", (a) => a.alu("cmp", 2, { base: r.r12 }, { imm: 0x1234 })],
    ["adc rdx,rcx", (a) => a.alu("adc", 8, r.rdx, r.rcx)],
    ["test dil,dil", (a) => a.test(1, r.rdi, r.rdi)],
    ["add eax,0x12345", (a) => a.alu("add", 4, r.rax, { imm: 0x12345 })],
    ["cmp rax,0x12345", (a) => a.alu("cmp", 8, r.rax, { imm: 0x12345 })],
    ["and al,0xf0", (a) => a.alu("and", 1, r.rax, { imm: 0xf0 })],
    ["test al,0x40", (a) => a.test(4, r.rax, { imm: 0x40 })],
    ["test eax,0x4000", (a) => a.test(4, r.rax, { imm: 0x4000 })],
    ["test edx,0x80", (a) => a.test(4, r.rdx, { imm: 0x80 })],
    ["test r10b,0x40", (a) => a.test(4, r.r10, { imm: 0x40 })],
    ["mov rax,QWORD [rbp+0x0]", (a) => a.mov(8, r.rax, { base: r.rbp })],
    ["mov QWORD [r13+0x0],r14", (a) => a.mov(8, { base: r.r13 }, r.r14)],
    ["mov WORD [r15+rax*1],bx", (a) => a.mov(2, { base: r.r15, index: r.rax }, r.rbx)],
    ["mov eax,ecx", (a) => a.mov(4, r.rax, r.rcx)],
    ["mov eax,0xffffffff", (a) => a.movImm(r.rax, 0xffffffffn)],
    ["mov rax,0xffffffffffffffff", (a) => a.movImm(r.rax, -1n)],
    ["movabs r11,0x123456789abcdef0", (a) => a.movImm(r.r11, 0x123456789abcdef0n)],
    ["mov BYTE [rdi],0x21", (a) => a.storeImm(1, { base: r.rdi }, 0x21)],
    [
      "mov QWORD [rax+rbx*8+0x80],0x7",
      (a) => a.storeImm(8, { base: r.rax, index: r.rbx, scale: 8, disp: 128 }, 7),
    ],
    [
      "movzx eax,BYTE [r15+rcx*1+0x3]",
      (a) => a.extend(false, 4, 1, r.rax, { base: r.r15, index: r.rcx, disp: 3 }),
    ],
    ["movsx rax,WORD [rdx]", (a) => a.extend(true, 8, 2, r.rax, { base: r.rdx })],
    ["movsx eax,sil", (a) => a.extend(true, 4, 1, r.rax, r.rsi)],
    ["movsxd r8,eax", (a) => a.extend(true, 8, 4, r.r8, r.rax)],
    ["imul r9,r10", (a) => a.rm("imul", 8, r.r9, r.r10)],
    ["imul eax,ebx,0x64", (a) => a.imulImm(4, r.rax, r.rbx, 100)],
    ["imul rax,rbx,0x3e8", (a) => a.imulImm(8, r.rax, r.rbx, 1000)],
    ["bsr eax,edi", (a) => a.rm("bsr", 4, r.rax, r.rdi)],
    [
      "lea rax,[rbx+rcx*4-0x8]",
      (a) => a.rm("lea", 8, r.rax, { base: r.rbx, index: r.rcx, scale: 4, disp: -8 }),
    ],
    ["neg r12", (a) => a.unary("neg", 8, r.r12)],
    ["mul r8", (a) => a.unary("mul", 8, r.r8)],
    ["idiv DWORD [rsp+0x8]", (a) => a.unary("idiv", 4, { base: r.rsp, disp: 8 })],
    ["shl eax,0x5", (a) => a.shift("shl", 4, r.rax, 5)],
    ["ror r9,cl", (a) => a.shift("ror", 8, r.r9)],
    ["sar edx,1", (a) => a.shift("sar", 4, r.rdx, 1)],
    ["bts r10,0x3f", (a) => a.bit("bts", 8, r.r10, 63)],
    ["bswap r13d", (a) => a.bswap(4, r.r13)],
    ["xchg QWORD [rax],rbx", (a) => a.xchg(8, r.rbx, { base: r.rax })],
    ["setle sil", (a) => a.setcc("le", r.rsi)],
    ["sete r9b", (a) => a.setcc("e", r.r9)],
    ["cmovb rax,r8", (a) => a.cmov("b", 8, r.rax, r.r8)],
    ["push r15", (a) => a.push(r.r15)],
    ["pop rbx", (a) => a.pop(r.rbx)],
    ["push 0x20", (a) => a.pushImm(32)],
    ["push 0x1000", (a) => a.pushImm(4096)],
    ["rdrand rdx", (a) => a.rdrand(8, r.rdx)],
    ["lgdt [rax]", (a) => a.system("lgdt", { base: r.rax })],
    ["ltr ax", (a) => a.system("ltr", r.rax)],
    ["invlpg BYTE [rdi]", (a) => a.system("invlpg", { base: r.rdi })],
    ["mov rax,cr2", (a) => a.readControl(r.rax, 2)],
    ["mov cr3,r9", (a) => a.writeControl(3, r.r9)],
    ["mov ss,eax", (a) => a.movSegment(2, r.rax)],
    ["jmp r11", (a) => a.jumpTo(r.r11)],
    ["call QWORD [rax+0x8]", (a) => a.callTo({ base: r.rax, disp: 8 })],
    ["rep movs QWORD es:[rdi],QWORD ds:[rsi]", (a) => a.plain("rep movsq")],
    ["rep stos QWORD es:[rdi],rax", (a) => a.plain("rep stosq")],
    ["iretq", (a) => a.plain("iretq")],
    ["mfence", (a) => a.plain("mfence")],
  ]);
});

test("every instruction on floats, with all kinds of operands", () => {
  const general = (name: string) => name.startsWith("cvtsi2") || name === "movq" || name === "movd";
  check(
    (Object.keys(sse) as Sse[]).flatMap((name): [string, (a: Assembler) => void][] => {
      const to = (n: number) => (name === "cvttsd2si" ? r.names64[n] : `xmm${n}`);
      const wide = name === "movd" ? r.names64[1]!.replace("r", "e") : r.names64[1];
      const from = general(name) ? wide : "xmm1";
      return [
        [`${name} ${to(0)},${from}`, (a) => a.sse(name, 0, 1)],
        [`${name} ${to(9)},${from}`, (a) => a.sse(name, 9, 1)],
        [`${name} ${to(1)},${memory(name)} [r12+0x8]`, (a) => a.sse(name, 1, { base: r.r12, disp: 8 })],
      ];
    }),
  );
  check([
    ["movd eax,xmm1", (a) => a.fromXmm(4, r.rax, 1)],
    ["movq r9,xmm0", (a) => a.fromXmm(8, r.r9, 0)],
    ["movd DWORD [rsp+0x8],xmm8", (a) => a.fromXmm(4, { base: r.rsp, disp: 8 }, 8)],
    ["addsd xmm8,xmm15", (a) => a.sse("addsd", 8, 15)],
  ]);
});

/** What objdump says of the size of an operand in memory. */
function memory(name: Sse): string {
  if (name.endsWith("ps")) return "XMMWORD";
  if (sse[name].wide || name === "cvttsd2si") return "QWORD";
  const single = name.endsWith("ss") || name === "cvtss2sd" || name === "movd";
  return single && name !== "cvtsd2ss" ? "DWORD" : "QWORD";
}

test("32-bit code has its own addresses", () => {
  check(
    [
      ["mov eax,DWORD ds:0x1234", (a) => a.mov(4, r.rax, { disp: 0x1234 })],
      ["mov DWORD [edi+0x4],0x0", (a) => a.storeImm(4, { base: r.rdi, disp: 4 }, 0)],
      ["or eax,0x80010023", (a) => a.alu("or", 4, r.rax, { imm: 0x80010023 | 0 })],
      ["mov cr0,eax", (a) => a.writeControl(0, r.rax)],
      ["rep stos DWORD es:[edi],eax", (a) => a.plain("rep stosd")],
      ["wrmsr", (a) => a.plain("wrmsr")],
    ],
    32,
  );
});

test("any memory operand reads as it was meant", () => {
  const reg = fc.integer({ min: 0, max: 15 });
  const operands = fc.array(
    fc.record({
      to: reg,
      base: reg,
      index: fc.integer({ min: 0, max: 15 }).filter((n) => n !== 4),
      scale: fc.constantFrom(1, 2, 4, 8),
      disp: fc.integer(),
    }),
    { minLength: 200, maxLength: 200 },
  );
  fc.assert(
    fc.property(operands, (list) => {
      check(
        list.map(({ to, base, index, scale, disp }) => {
          const sign = disp < 0 ? "-" : "+";
          const shown = disp === 0 && (base & 7) !== 5 ? "" : `${sign}0x${Math.abs(disp).toString(16)}`;
          const text = `mov ${r.names64[to]},QWORD [${r.names64[base]}+${r.names64[index]}*${scale}${shown}]`;
          return [text, (a) => a.mov(8, to, { base, index, scale: scale as 1, disp })];
        }),
      );
    }),
    { numRuns: 5 },
  );
});

test("a jump is short where it can be and near where it must be", () => {
  const assembler = new Assembler();
  const far = assembler.label();
  const back = assembler.here();
  assembler.jump(far, "ne");
  for (let n = 0; n < 120; n++) assembler.plain("nop");
  assembler.jump(back);
  assembler.bind(far);
  assembler.plain("ret");
  const lines = disassemble(assembler.section("t").bytes, 64).filter((line) => line !== "nop");
  expect(lines).toEqual(["jne 0x7c", "jmp 0x0", "ret"]);
  const near = new Assembler();
  const end = near.label();
  near.jump(end, "a");
  for (let n = 0; n < 128; n++) near.plain("nop");
  near.bind(end);
  near.plain("ret");
  expect(disassemble(near.section("t").bytes, 64)[0]).toBe("ja 0x86");
});
