/** What the three ways in tell, brought into one boot record, a list of RAM and a list of what of it is taken. */
import { Assembler, regs, type Section } from "#codegen";
import { entry, fields, PAGE, protocols } from "./layout.ts";

const { rax, rcx, rdx, rbx, rbp, rsi, rdi, r9, r10, r11 } = regs;

export const COMMAND_LINE_SIZE = 4096;
export const MAX_RANGES = 64;
export const MAX_TAKEN = 10;

export const field = (name: keyof typeof fields) => ({ symbol: "boot.record", disp: 8 * fields[name] });

/** rbx: the information; ebp: its kind, one of `known`. */
export function parse(known: readonly (keyof typeof protocols)[]): Section {
  const a = new Assembler();
  a.symbol("boot.parse");
  a.mov(8, field("protocol"), rbp);
  a.movImm(rsi, 0n);
  a.movImm(rdx, 0x10000n);
  a.call("boot.take"); // page 0, and what old firmware keeps there
  a.movAddress(rsi, "image.begin");
  a.movAddress(rdx, "image.end");
  a.call("boot.take");
  const done = a.label();
  for (const kind of known) {
    const other = a.label();
    a.alu("cmp", 4, rbp, { imm: protocols[kind] });
    a.jump(other, "ne");
    readers[kind](a);
    a.jump(done);
    a.bind(other);
  }
  a.bind(done);
  a.movAddress(rsi, "boot.text.memory");
  a.alu("cmp", 4, { symbol: "boot.ranges_used" }, { imm: 0 });
  a.jumpSymbol("boot.stop", "e");
  a.storeImm(8, { symbol: "boot.fine" }, 0); // page 0
  a.jumpSymbol("boot.reload");
  return a.section("boot.parse");
}

/** hvm_start_info: Xen, include/public/arch-x86/hvm/start_info.h */
function pvh(a: Assembler): void {
  a.mov(8, rsi, { base: rbx, disp: 24 });
  a.call("boot.command_line");
  a.mov(8, rax, { base: rbx, disp: 32 });
  a.mov(8, field("rsdp"), rax);
  const none = a.label();
  const end = a.label();
  a.mov(4, rcx, { base: rbx, disp: 12 });
  a.mov(8, rdi, { base: rbx, disp: 16 });
  const next = a.here();
  a.test(4, rcx, rcx);
  a.jump(none, "e");
  a.mov(8, rsi, { base: rdi });
  a.mov(8, rdx, { base: rdi, disp: 8 });
  a.call("boot.module");
  a.alu("add", 8, rdi, { imm: 32 });
  a.unary("dec", 4, rcx);
  a.jump(next);
  a.bind(none);
  // The memory map came with version 1.
  a.alu("cmp", 4, { base: rbx, disp: 4 }, { imm: 0 });
  a.jump(end, "e");
  a.mov(8, rsi, { base: rbx, disp: 40 });
  a.mov(4, rcx, { base: rbx, disp: 48 });
  rows(a, 24);
  a.bind(end);
}

/** boot_params: Linux, Documentation/arch/x86/zero-page.rst and boot.rst */
function linux(a: Assembler): void {
  a.mov(4, rsi, { base: rbx, disp: 0x228 });
  a.call("boot.command_line");
  a.mov(8, rax, { base: rbx, disp: 0x70 });
  a.mov(8, field("rsdp"), rax);
  a.mov(4, rsi, { base: rbx, disp: 0x218 });
  a.mov(4, rdx, { base: rbx, disp: 0x21c });
  a.call("boot.module");
  a.rm("lea", 8, rsi, { base: rbx, disp: 0x2d0 });
  a.extend(false, 4, 1, rcx, { base: rbx, disp: 0x1e8 });
  rows(a, 20);
}

const readers: Readonly<Record<keyof typeof protocols, (a: Assembler) => void>> = { pvh, linux, multiboot2 };

/** The memory map of rcx rows, each `size` bytes, at rsi. */
function rows(a: Assembler, size: number): void {
  a.imulImm(8, rcx, rcx, size);
  a.alu("add", 8, rcx, rsi);
  a.movImm(rdx, BigInt(size));
  a.call("boot.memory");
}

/** Multiboot2 specification 3.6: tags of type, size and content, 8-aligned. */
function multiboot2(a: Assembler): void {
  a.alu("add", 8, rbx, { imm: 8 });
  const tag = a.here();
  const end = a.label();
  const next = a.label();
  a.mov(4, rax, { base: rbx });
  a.test(4, rax, rax);
  a.jump(end, "e");
  a.rm("lea", 8, rsi, { base: rbx, disp: 8 });
  const kinds: readonly [number, () => void][] = [
    [1, () => a.call("boot.command_line")],
    [
      3,
      () => {
        a.mov(4, rsi, { base: rbx, disp: 8 });
        a.mov(4, rdx, { base: rbx, disp: 12 });
        a.alu("sub", 4, rdx, rsi);
        a.call("boot.module");
      },
    ],
    [
      6,
      () => {
        a.mov(4, rdx, { base: rbx, disp: 8 });
        a.mov(4, rcx, { base: rbx, disp: 4 });
        a.alu("add", 8, rcx, rbx);
        a.alu("add", 8, rsi, { imm: 8 });
        a.call("boot.memory");
      },
    ],
    [14, () => copyRoot(a)],
    [15, () => copyRoot(a)],
  ];
  for (const [kind, read] of kinds) {
    const other = a.label();
    a.alu("cmp", 4, rax, { imm: kind });
    a.jump(other, "ne");
    read();
    a.jump(next);
    a.bind(other);
  }
  a.bind(next);
  a.mov(4, rax, { base: rbx, disp: 4 });
  a.alu("add", 8, rax, { imm: 7 });
  a.alu("and", 8, rax, { imm: -8 });
  a.alu("add", 8, rbx, rax);
  a.jump(tag);
  a.bind(end);
}

/** The tag holds a copy of ACPI's root pointer, which lies in memory that will be used again. */
function copyRoot(a: Assembler): void {
  a.movAddress(rdi, "boot.rsdp");
  a.mov(8, field("rsdp"), rdi);
  a.movImm(rcx, 36n);
  a.plain("rep movsb");
}

/** rsi: a text that ends with 0, or 0. It is copied, because it lies in memory that will be used again. */
export function commandLine(): Section {
  const a = new Assembler();
  a.symbol("boot.command_line");
  const end = a.label();
  a.movAddress(rdi, "boot.command_line_copy");
  a.mov(8, field("commandLine"), rdi);
  a.movImm(rcx, 0n);
  a.test(8, rsi, rsi);
  a.jump(end, "e");
  const next = a.here();
  a.mov(1, rax, { base: rsi, index: rcx });
  a.mov(1, { base: rdi, index: rcx }, rax);
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.unary("inc", 4, rcx);
  a.alu("cmp", 4, rcx, { imm: COMMAND_LINE_SIZE - 1 });
  a.jump(next, "b");
  a.bind(end);
  a.mov(8, field("commandLineLength"), rcx);
  a.plain("ret");
  return a.section("boot.command_line");
}

/** rsi, rdx: address and size of a module, 0 for none. Keeps rcx and rdi. */
export function module(): Section {
  const a = new Assembler();
  const end = a.label();
  const notFirst = a.label();
  a.symbol("boot.module");
  a.test(8, rdx, rdx);
  a.jump(end, "e");
  a.alu("cmp", 8, field("moduleSize"), { imm: 0 });
  a.jump(notFirst, "ne");
  a.mov(8, field("module"), rsi);
  a.mov(8, field("moduleSize"), rdx);
  a.bind(notFirst);
  a.alu("add", 8, rdx, rsi);
  // Falls into: rsi, rdx: from here to there memory is not given out.
  a.symbol("boot.take");
  a.mov(4, rax, { symbol: "boot.taken_used" });
  a.alu("cmp", 4, rax, { imm: MAX_TAKEN });
  a.jump(end, "ae");
  a.unary("inc", 4, { symbol: "boot.taken_used" });
  a.shift("shl", 4, rax, 4);
  a.alu("and", 8, rsi, { imm: -PAGE });
  a.alu("add", 8, rdx, { imm: PAGE - 1 });
  a.alu("and", 8, rdx, { imm: -PAGE });
  a.mov(8, { index: rax, symbol: "boot.taken" }, rsi);
  a.mov(8, { index: rax, symbol: "boot.taken", disp: 8 }, rdx);
  a.bind(end);
  a.plain("ret");
  return a.section("boot.module");
}

/** rsi to rcx, every rdx bytes: rows of address, size and type of a memory map. RAM is listed and made cacheable. */
export function memory(): Section {
  const a = new Assembler();
  a.symbol("boot.memory");
  const row = a.label();
  const next = a.label();
  const end = a.label();
  a.movImm(r9, 1n << 32n);
  a.bind(row);
  a.alu("cmp", 8, rsi, rcx);
  a.jump(end, "ae");
  a.alu("cmp", 4, { base: rsi, disp: 16 }, { imm: 1 });
  a.jump(next, "ne");
  a.mov(8, rax, { base: rsi });
  a.mov(8, rdi, { base: rsi, disp: 8 });
  a.alu("add", 8, rdi, rax);
  a.alu("add", 8, rax, { imm: PAGE - 1 });
  a.alu("and", 8, rax, { imm: -PAGE });
  a.alu("and", 8, rdi, { imm: -PAGE });
  a.alu("cmp", 8, rdi, r9);
  a.cmov("a", 8, rdi, r9);
  a.alu("cmp", 8, rax, rdi);
  a.jump(next, "ae");
  a.mov(4, r10, { symbol: "boot.ranges_used" });
  a.alu("cmp", 4, r10, { imm: MAX_RANGES });
  a.jump(next, "ae");
  a.unary("inc", 4, { symbol: "boot.ranges_used" });
  a.shift("shl", 4, r10, 4);
  a.mov(8, { index: r10, symbol: "boot.ranges" }, rax);
  a.mov(8, { index: r10, symbol: "boot.ranges", disp: 8 }, rdi);
  a.mov(8, r11, rdi);
  a.alu("sub", 8, r11, rax);
  a.alu("add", 8, field("memory"), r11);
  cacheable(a);
  a.bind(next);
  a.alu("add", 8, rsi, rdx);
  a.jump(row);
  a.bind(end);
  a.plain("ret");
  return a.section("boot.memory");
}

/** From rax to rdi. Regions of the image are never marked as devices: there bits 3 and 4 are clear already. */
function cacheable(a: Assembler): void {
  a.unary("dec", 8, rdi);
  a.shift("shr", 8, rdi, 21);
  a.shift("shr", 8, rax, 21);
  const again = a.here();
  a.alu("and", 1, { index: rax, scale: 8, symbol: "boot.directories" }, { imm: ~Number(entry.device) });
  a.unary("inc", 4, rax);
  a.alu("cmp", 4, rax, rdi);
  a.jump(again, "be");
}
