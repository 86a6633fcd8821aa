/** From a machine that is ready to the program: at the first start and after every restart. */
import { Assembler, regs, type Section, symbols } from "#codegen";
import { FIELD_COUNT, WINDOW } from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rcx, rdx, rsp, rbp, rsi, rdi } = regs;

export interface Program {
  /** Size of linear memory in the snapshot, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Size of the compiled code's writable data (`image.data`), which begins as a copy of `image.frozen`. A multiple of 8. */
  readonly dataSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.run`: never returns. What the program left in memory must be gone already (`boot.restore`). */
export function run({ memoryPages, dataSize, calls }: Program): Section {
  const a = new Assembler();
  a.symbol("boot.run");
  a.movAddress(rsp, "boot.stack.end");
  a.movAddress(rsi, "image.frozen");
  a.movAddress(rdi, "image.data");
  a.movImm(rcx, BigInt(dataSize / 8));
  a.plain("rep movsq");
  a.storeImm(4, { symbol: symbols.memoryPages }, memoryPages);
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
  a.mov(8, field("started"), rax);
  a.movImm(regs.r15, WINDOW);
  writeSparse(a);
  a.alu("xor", 4, rbp, rbp);
  for (const name of calls) a.call(symbols.export(name));
  a.movAddress(rsi, "boot.text.returned");
  a.jumpSymbol("boot.stop");
  return a.section("boot.run");
}

/** The parts of linear memory that the image has as runs of bytes (`image.sparse`), none of them across pages. */
function writeSparse(a: Assembler): void {
  const done = a.label();
  const { rbx, r12, r15 } = regs;
  a.movAddress(rbx, "image.sparse");
  a.alu("xor", 4, rbp, rbp);
  const next = a.here();
  a.extend(false, 4, 2, rax, { base: rbx });
  a.extend(false, 4, 2, r12, { base: rbx, disp: 2 });
  a.alu("add", 8, rbx, { imm: 4 });
  a.alu("add", 8, rbp, rax);
  a.alu("or", 4, rax, r12);
  a.jump(done, "e");
  a.test(4, r12, r12);
  a.jump(next, "e");
  a.mov(8, rdi, rbp);
  a.movImm(rsi, 1n);
  a.call("boot.page");
  a.mov(8, rsi, rbx);
  a.rm("lea", 8, rdi, { base: r15, index: rbp });
  a.mov(4, rcx, r12);
  a.plain("rep movsb");
  a.mov(8, rbx, rsi);
  a.alu("add", 8, rbp, r12);
  a.jump(next);
  a.bind(done);
}

/** `hw.boot(field) → value`, 0 for a field that is none. */
export function record(): Section {
  const a = new Assembler();
  const none = a.label();
  a.symbol("hw.boot");
  a.alu("xor", 4, rax, rax);
  a.alu("cmp", 4, rdi, { imm: FIELD_COUNT });
  a.jump(none, "ae");
  a.mov(8, rax, { index: rdi, scale: 8, symbol: "boot.record" });
  a.bind(none);
  a.plain("ret");
  return a.section("hw.boot");
}
