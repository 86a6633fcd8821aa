/** From a machine that is ready to the program: at the first start and after every restart. */
import { Assembler, memoryBase, regs, type Section, symbols } from "#codegen";
import { copyFrozen } from "../../native/unpack.ts";
import { FIELD_COUNT, WINDOW } from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rdx, rsp, rbp, rsi, rdi } = regs;

export interface Program {
  /** Size of linear memory in the snapshot, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Size of `image.frozen`, of which the compiled code's writable data (`image.data`) begins as a copy; `image.values` follow. A multiple of 8. */
  readonly frozenSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.run`: never returns. What the program left in memory must be gone already (`boot.restore`). */
export function run({ memoryPages, frozenSize, calls }: Program): Section {
  const a = new Assembler();
  a.symbol("boot.run");
  a.movAddress(rsp, "boot.stack.end");
  copyFrozen(a, frozenSize);
  a.storeImm(4, { symbol: symbols.memoryPages }, memoryPages);
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
  a.mov(8, field("started"), rax);
  a.movImm(regs.r15, WINDOW);
  a.movAddress(rsi, "image.packed");
  a.movAddress(regs.r13, "image.packed_end");
  a.mov(8, rdi, regs.r15);
  a.call("boot.unpack");
  a.mov(8, memoryBase, regs.r15);
  a.alu("xor", 4, rbp, rbp);
  for (const name of calls) a.call(symbols.export(name));
  a.movAddress(rsi, "boot.text.returned");
  a.jumpSymbol("boot.stop");
  return a.section("boot.run");
}

/** Linear memory's page at the address on the stack is private, and so may be written. */
export function preparePage(a: Assembler): void {
  a.alu("sub", 8, rdi, regs.r15);
  a.movImm(rsi, 1n);
  a.call("boot.page");
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
