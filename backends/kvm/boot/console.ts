/** What boot code itself has to say: on the first serial port, one byte after the other. */
import { Assembler, regs, type Section } from "#codegen";

const { rax, rcx, rdx, rsi, rbp } = regs;
export const SERIAL = 0x3f8;
/** Of the port's line status: it takes a byte; and all that it took is out. */
const EMPTY = 0x20;
const TRANSMITTED = 0x40;
/** How long a reader who is slow is waited for, in cycles: one to four seconds. */
const PATIENCE = 0x1_0000_0000n;

/** rcx: when PATIENCE is over. Uses rax, rdx. */
function setDeadline(a: Assembler): void {
  readCounter(a);
  a.movImm(rcx, PATIENCE);
  a.alu("add", 8, rcx, rax);
}

/** → rax. Uses rdx. */
function readCounter(a: Assembler): void {
  a.plain("rdtsc");
  a.shift("shl", 8, rdx, 32);
  a.alu("or", 8, rax, rdx);
}

/** Until the port's line status has `bit`, or the deadline in rcx is over. Uses rax, rdx. */
function awaitStatus(a: Assembler, bit: number): void {
  const [ready, wait] = [a.label(), a.here()];
  a.movImm(rdx, BigInt(SERIAL + 5));
  a.plain("in al, dx");
  a.test(1, rax, { imm: bit });
  a.jump(ready, "ne");
  readCounter(a);
  a.alu("cmp", 8, rax, rcx);
  a.jump(wait, "b");
  a.bind(ready);
}

/** rsi: a text that ends with 0. Waits for the port, but not for ever. Uses rax, rcx, rdx. */
export function print(): Section {
  const a = new Assembler();
  a.symbol("boot.print");
  const end = a.label();
  setDeadline(a);
  const next = a.here();
  a.test(1, { base: rsi }, { imm: 255 });
  a.jump(end, "e");
  awaitStatus(a, EMPTY);
  a.movImm(rdx, BigInt(SERIAL));
  a.mov(1, rax, { base: rsi });
  a.plain("out dx, al");
  a.unary("inc", 8, rsi);
  a.jump(next);
  a.bind(end);
  a.plain("ret");
  return a.section("boot.print");
}

/** Switches the machine off, by whatever means it has. A machine that is gone says nothing more. */
export function stop(): Section {
  const a = new Assembler();
  a.symbol("boot.halt");
  a.symbol("hw.stop");
  setDeadline(a);
  awaitStatus(a, TRANSMITTED);
  a.movImm(rdx, 0x604n); // ACPI PM1a control of QEMU's chipsets: sleep type 0, sleep enable
  a.movImm(rax, 0x2000n);
  a.plain("out dx, ax");
  a.movImm(rdx, 0x600n); // Cloud Hypervisor's shutdown port: sleep type 5
  a.movImm(rax, 0x34n);
  a.plain("out dx, al");
  a.movImm(rbp, 0xfea0_0200n); // the sleep register of QEMU's microvm with ACPI
  a.mov(1, { base: rbp }, rax);
  a.movImm(rdx, 0x64n); // the keyboard controller's reset line: how a Firecracker guest ends
  a.movImm(rax, 0xfen);
  a.plain("out dx, al");
  // The last means, a fault without a handler: resets, or ends a virtual machine that is told not to.
  a.system("lidt", { symbol: "boot.text.nothing" });
  a.plain("int3");
  return a.section("hw.stop");
}
