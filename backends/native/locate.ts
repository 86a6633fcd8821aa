/** For boot code of x86-64: in which function an address is. */
import { Assembler, regs, type Section } from "#codegen";

const { rax, rcx, rdx, rsi, rdi, r8, r10 } = regs;

export interface Place {
  readonly function: regs.Mem;
  readonly offset: regs.Mem;
}

/** r8: how far into compiled code. Its function's number goes to `place.function`, the place in it to `place.offset`. Sizes are a list of LEB128 numbers, 0 ends it. */
export function locate(place: Place): Section {
  const a = new Assembler();
  const next = a.label();
  const more = a.label();
  const done = a.label();
  a.symbol("boot.locate");
  a.movAddress(rsi, "image.functions");
  a.alu("xor", 4, rdi, rdi);
  a.bind(next);
  a.alu("xor", 4, rax, rax);
  a.alu("xor", 4, rcx, rcx);
  a.bind(more);
  a.extend(false, 4, 1, rdx, { base: rsi });
  a.unary("inc", 8, rsi);
  a.mov(4, r10, rdx);
  a.alu("and", 4, r10, { imm: 127 });
  a.shift("shl", 4, r10);
  a.alu("or", 4, rax, r10);
  a.alu("add", 4, rcx, { imm: 7 });
  a.test(1, rdx, rdx);
  a.jump(more, "s");
  a.test(4, rax, rax);
  a.jump(done, "e");
  a.alu("cmp", 8, r8, rax);
  a.jump(done, "b");
  a.alu("sub", 8, r8, rax);
  a.unary("inc", 4, rdi);
  a.jump(next);
  a.bind(done);
  a.mov(8, place.function, rdi);
  a.mov(8, place.offset, r8);
  a.plain("ret");
  return a.section("boot.locate");
}
