/**
 * Devices write into memory when they like. So before memory is given its first content again, those that the program has named are reset:
 * each by a zero in its status register, the one thing that boot code has to know of a device.
 */
import { Assembler, regs, type Section } from "#codegen";

const { rax, rdi, rsi } = regs;

/** What can be named; more than this is not noted. */
export const MOST_DEVICES = 16;

/** `hw.atRestart(address, bytes)`: a zero of that size is written to this physical address before a warm restart, once. */
export function note(): Section {
  const a = new Assembler();
  const full = a.label();
  a.symbol("hw.atRestart");
  a.mov(4, rax, { symbol: "boot.devices_used" });
  a.alu("cmp", 4, rax, { imm: MOST_DEVICES });
  a.jump(full, "ae");
  a.unary("inc", 4, { symbol: "boot.devices_used" });
  a.alu("add", 4, rax, rax);
  a.mov(8, { index: rax, scale: 8, symbol: "boot.devices" }, rdi);
  a.mov(8, { index: rax, scale: 8, symbol: "boot.devices", disp: 8 }, rsi);
  a.bind(full);
  a.plain("ret");
  return a.section("hw.atRestart");
}

/** Resets what was named. Registers: rax, rsi, rdi. */
export function quiet(): Section {
  const a = new Assembler();
  const [done, word] = [a.label(), a.label()];
  a.symbol("boot.quiet");
  const next = a.here();
  a.mov(4, rax, { symbol: "boot.devices_used" });
  a.alu("sub", 4, rax, { imm: 1 });
  a.jump(done, "b");
  a.mov(4, { symbol: "boot.devices_used" }, rax);
  a.alu("add", 4, rax, rax);
  a.mov(8, rdi, { index: rax, scale: 8, symbol: "boot.devices" });
  a.mov(8, rsi, { index: rax, scale: 8, symbol: "boot.devices", disp: 8 });
  a.alu("cmp", 4, rsi, { imm: 1 });
  a.jump(word, "ne");
  a.storeImm(1, { base: rdi }, 0);
  a.jump(next);
  a.bind(word);
  a.storeImm(4, { base: rdi }, 0);
  a.jump(next);
  a.bind(done);
  a.plain("ret");
  return a.section("boot.quiet");
}
