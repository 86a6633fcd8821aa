/**
 * Calls of the hypervisor, by the instruction itself: hypercall pages are open to speculative attacks, and deprecated (Xen Security Advisory 466).
 */
import { Assembler, regs, type Section } from "#codegen";
import { hvm, hypercalls, SELF } from "./layout.ts";

const { rax, rcx, rdx, rbx, rsp, rsi, rdi, r8, r10 } = regs;

/** The first four letters of the processor's maker, in ebx of CPUID leaf 0: of those whose instruction is `vmcall`. Others have `vmmcall`. */
const makersOfVmcall = [
  0x756e_6547 /* Genuine Intel */, 0x746e_6543 /* Centaur */, 0x6853_2020 /* Shanghai */,
];
const VMCALL = 1;
const VMMCALL = 2;

/** Memory that they want. */
export const hypercallState: readonly (readonly [name: string, bytes: number])[] = [
  ["boot.hypercall_by", 4],
  ["boot.kept", 8192],
];

/** `hw.hypercall(number: i32, a: i64, b: i64, c: i64, d: i64) → i64`: a negative result is an error. */
export function hypercall(): Section {
  const a = new Assembler();
  const [known, notIntel] = [a.label(), a.label()];
  a.symbol("hw.hypercall");
  a.mov(4, rax, rdi);
  a.mov(8, rdi, rsi);
  a.mov(8, rsi, rdx);
  a.mov(8, rdx, rcx);
  a.mov(8, r10, r8);
  // Falls into: eax: the number; rdi, rsi, rdx, r10: what it is given. Keeps all other registers.
  a.symbol("boot.hypercall");
  a.alu("cmp", 4, { symbol: "boot.hypercall_by" }, { imm: 0 });
  a.jump(known, "ne");
  findInstruction(a);
  a.bind(known);
  a.alu("cmp", 4, { symbol: "boot.hypercall_by" }, { imm: VMCALL });
  a.jump(notIntel, "ne");
  a.plain("vmcall");
  a.plain("ret");
  a.bind(notIntel);
  a.plain("vmmcall");
  a.plain("ret");
  return a.section("hw.hypercall");
}

function findInstruction(a: Assembler): void {
  const kept = [rax, rcx, rdx, rbx];
  const found = a.label();
  for (const reg of kept) a.push(reg);
  a.alu("xor", 4, rax, rax);
  a.plain("cpuid");
  a.movImm(rax, BigInt(VMCALL));
  for (const maker of makersOfVmcall) {
    a.alu("cmp", 4, rbx, { imm: maker });
    a.jump(found, "e");
  }
  a.movImm(rax, BigInt(VMMCALL));
  a.bind(found);
  a.mov(4, { symbol: "boot.hypercall_by" }, rax);
  for (const reg of kept.toReversed()) a.pop(reg);
}

/** edi: number of a parameter that the toolstack gave this guest → rax, 0 for none. Uses rsi, rdi. */
export function parameter(): Section {
  const a = new Assembler();
  const none = a.label();
  a.symbol("boot.parameter");
  // struct xen_hvm_param: domain (16 bits), index (32 bits, at 4), value (64 bits).
  a.shift("shl", 8, rdi, 32);
  a.alu("or", 8, rdi, { imm: SELF });
  a.pushImm(0);
  a.push(rdi);
  a.movImm(rdi, BigInt(hvm.getParameter));
  a.mov(8, rsi, rsp);
  a.movImm(rax, BigInt(hypercalls.hvm));
  a.call("boot.hypercall");
  a.pop(rdi);
  a.pop(rdi);
  a.test(8, rax, rax);
  a.jump(none, "ne");
  a.mov(8, rax, rdi);
  a.plain("ret");
  a.bind(none);
  a.alu("xor", 4, rax, rax);
  a.plain("ret");
  return a.section("boot.parameter");
}

/** `hw.exchange(address: i64, value: i64) → i64`: what was there, in one step for everybody who looks. */
export function exchange(): Section {
  const a = new Assembler();
  a.symbol("hw.exchange");
  a.mov(8, rax, rsi);
  a.xchg(8, rax, { base: rdi });
  a.plain("ret");
  return a.section("hw.exchange");
}

/** `hw.kept() → i64`: memory that stays as it is over a warm restart. */
export function kept(): Section {
  const a = new Assembler();
  a.symbol("hw.kept");
  a.movAddress(rax, "boot.kept");
  a.plain("ret");
  return a.section("hw.kept");
}
