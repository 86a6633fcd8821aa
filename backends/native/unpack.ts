/** For boot code of x86-64: what `pack` has written becomes memory. */
import { Assembler, regs, type Section } from "#codegen";
import { MOST_LENGTH, MOST_LITERALS, SHORTEST } from "./pack.ts";

const { rax, rbx, rcx, rdx, rsi, rdi, r13 } = regs;

/**
 * `boot.unpack`. rsi: a stream that ends at r13, rdi: where to. `prepare` is called wherever the stream goes on after something that it has passed over; rsi and rdi
 * are on the stack, and it may use all other registers but r13. Uses rax, rbx, rcx, rdx.
 */
export function unpack(prepare?: (a: Assembler) => void): Section[] {
  const a = new Assembler();
  const [literals, near, match, pass, done] = [a.label(), a.label(), a.label(), a.label(), a.label()];
  a.symbol("boot.unpack");
  const next = a.here();
  readByte(a, rbx);
  a.mov(4, rcx, rbx);
  a.shift("shr", 4, rcx, 5);
  a.alu("cmp", 4, rcx, { imm: MOST_LITERALS });
  a.jump(literals, "ne");
  a.call("boot.unpack_more");
  a.bind(literals);
  a.plain("rep movsb");
  readByte(a, rdx);
  a.test(1, rbx, { imm: 16 });
  a.jump(near, "e");
  readByte(a, rax);
  a.shift("shl", 4, rax, 8);
  a.alu("or", 4, rdx, rax);
  a.bind(near);
  a.test(4, rdx, rdx);
  a.jump(pass, "e");
  a.mov(4, rcx, rbx);
  a.alu("and", 4, rcx, { imm: 15 });
  a.alu("cmp", 4, rcx, { imm: MOST_LENGTH });
  a.jump(match, "ne");
  a.call("boot.unpack_more");
  a.bind(match);
  a.alu("add", 4, rcx, { imm: SHORTEST });
  a.mov(8, rax, rsi);
  a.mov(8, rsi, rdi);
  a.alu("sub", 8, rsi, rdx);
  a.plain("rep movsb");
  a.mov(8, rsi, rax);
  a.jump(next);
  a.bind(pass);
  // Three bytes, behind the one that was 0.
  a.mov(4, rax, { base: rsi, disp: -1 });
  a.shift("shr", 4, rax, 8);
  a.alu("add", 8, rsi, { imm: 3 });
  a.alu("add", 8, rdi, rax);
  a.alu("cmp", 8, rsi, r13);
  a.jump(done, "e");
  if (prepare !== undefined) {
    a.push(rsi);
    a.push(rdi);
    prepare(a);
    a.pop(rdi);
    a.pop(rsi);
  }
  a.jump(next);
  a.bind(done);
  a.plain("ret");
  return [a.section("boot.unpack"), more()];
}

/** The first content of compiled code's writable data: a part as it is, the rest packed. `boot.unpack` must be there. */
export function copyFrozen(a: Assembler, size: number): void {
  a.movAddress(rdi, "image.data");
  if (size > 0) {
    a.movAddress(rsi, "image.frozen");
    a.movImm(rcx, BigInt(size / 8));
    a.plain("rep movsq");
  }
  a.movAddress(rsi, "image.values");
  a.movAddress(r13, "image.values_end");
  a.call("boot.unpack");
}

/** Adds what follows to rcx. */
function more(): Section {
  const a = new Assembler();
  a.symbol("boot.unpack_more");
  const next = a.here();
  readByte(a, rax);
  a.alu("add", 4, rcx, rax);
  a.alu("cmp", 4, rax, { imm: 255 });
  a.jump(next, "e");
  a.plain("ret");
  return a.section("boot.unpack_more", "rx", 1);
}

function readByte(a: Assembler, to: regs.Reg): void {
  a.extend(false, 4, 1, to, { base: rsi });
  a.unary("inc", 8, rsi);
}
