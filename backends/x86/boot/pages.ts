/**
 * Linear memory, page by page. A page is absent, or the image's own (read-only), or private. What is absent becomes the image's page or a
 * page of zeros when it is touched; a write makes the image's page private by copying it. A warm restart makes all of it as it was.
 *
 * Physical pages come from the list of RAM, from below; pages that a restart frees come back through a list in the pages themselves.
 * Routines here use rax, rcx, rdx, r8 to r11 and, where it says so, rsi and rdi.
 */
import { Assembler, regs, type Section, symbols } from "#codegen";
import { loop } from "./idioms.ts";
import { entry, PAGE, WINDOW } from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rcx, rdx, rsi, rdi, r8, r9, r10 } = regs;
const WORDS = PAGE / 8;
const LINK = Number(entry.present | entry.writable);
const NX_BIT = 63;

/** → rax: a page, not wiped. Without one left the machine stops. Uses rdx, r10. */
export function allocate(): Section {
  const a = new Assembler();
  const fresh = a.label();
  const again = a.label();
  const found = a.label();
  a.symbol("boot.allocate");
  a.unary("inc", 8, field("pages"));
  a.mov(8, rax, { symbol: "boot.free" });
  a.test(8, rax, rax);
  a.jump(fresh, "e");
  a.mov(8, rdx, { base: rax });
  a.mov(8, { symbol: "boot.free" }, rdx);
  a.plain("ret");
  a.bind(fresh);
  a.mov(8, rax, { symbol: "boot.next" });
  a.bind(again);
  a.alu("cmp", 8, rax, { symbol: "boot.limit" });
  a.jump(found, "b");
  a.mov(4, rdx, { symbol: "boot.range" });
  a.alu("cmp", 4, rdx, { symbol: "boot.ranges_used" });
  const left = a.label();
  a.jump(left, "ne");
  a.movAddress(rsi, "boot.text.full");
  a.jumpSymbol("boot.stop");
  a.bind(left);
  a.unary("inc", 4, { symbol: "boot.range" });
  a.shift("shl", 4, rdx, 4);
  a.mov(8, rax, { index: rdx, symbol: "boot.ranges", disp: 8 });
  a.mov(8, { symbol: "boot.limit" }, rax);
  a.mov(8, rax, { index: rdx, symbol: "boot.ranges" });
  a.jump(again);
  a.bind(found);
  // Not what is taken: then the end of that is the next candidate.
  a.mov(4, rdx, { symbol: "boot.taken_used" });
  a.shift("shl", 4, rdx, 4);
  const check = a.here();
  const free = a.label();
  a.alu("sub", 4, rdx, { imm: 16 });
  a.jump(free, "b");
  a.alu("cmp", 8, rax, { index: rdx, symbol: "boot.taken" });
  a.jump(check, "b");
  a.mov(8, r10, { index: rdx, symbol: "boot.taken", disp: 8 });
  a.alu("cmp", 8, rax, r10);
  a.jump(check, "ae");
  a.mov(8, rax, r10);
  a.jump(again);
  a.bind(free);
  a.rm("lea", 8, rdx, { base: rax, disp: PAGE });
  a.mov(8, { symbol: "boot.next" }, rdx);
  a.plain("ret");
  return a.section("boot.allocate");
}

/** r9: an entry of a table → rax: the table that it leads to, made now if there was none. Uses rcx, rdi. */
export function descend(): Section {
  const a = new Assembler();
  const there = a.label();
  a.symbol("boot.descend");
  a.mov(8, rax, { base: r9 });
  a.test(4, rax, { imm: 1 });
  a.jump(there, "ne");
  a.call("boot.allocate");
  wipe(a);
  a.alu("or", 8, rax, { imm: LINK });
  a.mov(8, { base: r9 }, rax);
  a.bind(there);
  a.alu("and", 8, rax, { imm: -PAGE });
  a.plain("ret");
  return a.section("boot.descend");
}

/** Zeros for the page rax. */
function wipe(a: Assembler): void {
  a.mov(8, rdi, rax);
  a.movImm(rcx, BigInt(WORDS));
  a.alu("xor", 4, rax, rax);
  a.plain("rep stosq");
  a.rm("lea", 8, rax, { base: rdi, disp: -PAGE });
}

/** r8: number of a page of linear memory → rax: its entry as the image has it, 0 if the image has none. Uses rdx. */
export function origin(): Section {
  const a = new Assembler();
  const run = a.label();
  const next = a.label();
  const end = a.label();
  a.symbol("boot.origin");
  a.movAddress(rdx, "image.runs");
  a.bind(run);
  a.mov(4, rax, { base: rdx, disp: 4 });
  a.test(4, rax, rax);
  a.jump(end, "e");
  a.alu("cmp", 4, r8, rax);
  a.jump(next, "ae");
  a.mov(4, rax, r8);
  a.alu("sub", 4, rax, { base: rdx });
  a.jump(next, "b");
  a.shift("shl", 4, rax, 12);
  a.alu("add", 4, rax, { base: rdx, disp: 8 });
  a.unary("inc", 4, rax); // present
  a.bit("bts", 8, rax, NX_BIT);
  a.plain("ret");
  a.bind(next);
  a.alu("add", 8, rdx, { imm: 12 });
  a.jump(run);
  a.bind(end);
  a.plain("ret");
  return a.section("boot.origin");
}

/** rdi: offset in linear memory; esi: not 0 to make the page private → rax: address of its entry. Uses rsi, rdi. */
export function page(): Section {
  const a = new Assembler();
  const mapped = a.label();
  const absent = a.label();
  const set = a.label();
  const done = a.label();
  a.symbol("boot.page");
  a.mov(8, r8, rdi);
  a.shift("shr", 8, r8, 12);
  a.mov(4, rax, r8);
  a.shift("shr", 4, rax, 18);
  a.rm("lea", 8, r9, { index: rax, scale: 8, symbol: "boot.window" });
  a.call("boot.descend");
  a.mov(4, rcx, r8);
  a.shift("shr", 4, rcx, 9);
  step(a);
  a.test(4, { base: r9 }, { imm: 1 });
  a.jump(mapped, "ne");
  a.call("boot.descend");
  a.call("boot.populate");
  a.bind(mapped);
  a.mov(8, rax, { base: r9 });
  a.alu("and", 8, rax, { imm: -PAGE });
  a.mov(4, rcx, r8);
  step(a);
  a.mov(8, rax, { base: r9 });
  a.test(4, rax, { imm: Number(entry.present) });
  a.jump(absent, "e");
  a.test(4, rax, { imm: Number(entry.writable) });
  a.jump(done, "ne");
  a.test(4, rsi, rsi);
  a.jump(done, "e");
  a.call("boot.allocate");
  a.mov(8, rdi, rax);
  copyOriginal(a);
  a.jump(set);
  a.bind(absent);
  a.call("boot.allocate");
  wipe(a);
  a.bind(set);
  a.alu("or", 8, rax, { imm: LINK });
  a.bit("bts", 8, rax, NX_BIT);
  a.mov(8, { base: r9 }, rax);
  a.movImm(rax, WINDOW);
  a.shift("shl", 8, r8, 12);
  a.alu("add", 8, rax, r8);
  a.system("invlpg", { base: rax });
  a.bind(done);
  a.mov(8, rax, r9);
  a.plain("ret");
  return a.section("boot.page");
}

/** From the table rax by the index in the low bits of rcx: r9 is the entry. */
function step(a: Assembler): void {
  a.alu("and", 4, rcx, { imm: 511 });
  a.rm("lea", 8, r9, { base: rax, index: rcx, scale: 8 });
}

/** Fills the page rdi from the page that the entry at r9 has; rax is rdi as it was. */
function copyOriginal(a: Assembler): void {
  a.mov(8, rsi, { base: r9 });
  a.bit("btr", 8, rsi, NX_BIT);
  a.alu("and", 8, rsi, { imm: -PAGE });
  a.movImm(rcx, BigInt(WORDS));
  a.plain("rep movsq");
  a.rm("lea", 8, rax, { base: rdi, disp: -PAGE });
}

/** rax: a new table for the region in which page r8 lies. What the image has there is entered. Uses rdi; keeps r8, r9, rsi. */
export function populate(): Section {
  const a = new Assembler();
  a.symbol("boot.populate");
  a.push(r8);
  a.alu("and", 4, r8, { imm: -WORDS });
  a.mov(8, rdi, rax);
  loop(a, WORDS, () => {
    a.call("boot.origin");
    a.mov(8, { base: rdi }, rax);
    a.alu("add", 8, rdi, { imm: 8 });
    a.unary("inc", 4, r8);
  });
  a.pop(r8);
  a.plain("ret");
  return a.section("boot.populate");
}

/** `hw.physical(pointer) → address`: the page is private and stays where it is. Uses what the calling convention lets it use. */
export function physical(): Section {
  const a = new Assembler();
  a.symbol("hw.physical");
  a.push(rdi);
  a.movImm(rsi, 1n);
  a.call("boot.page");
  a.alu("or", 8, { base: rax }, { imm: Number(entry.pinned) });
  a.mov(8, rax, { base: rax });
  a.bit("btr", 8, rax, NX_BIT);
  a.alu("and", 8, rax, { imm: -PAGE });
  a.pop(rdi);
  a.alu("and", 4, rdi, { imm: PAGE - 1 });
  a.alu("or", 8, rax, rdi);
  a.plain("ret");
  return a.section("hw.physical");
}

/** `hw.readable(pointer) → address`: the page is where it is now. Uses what the calling convention lets it use. */
export function readable(): Section {
  const a = new Assembler();
  a.symbol("hw.readable");
  a.push(rdi);
  a.alu("xor", 4, rsi, rsi);
  a.call("boot.page");
  a.mov(8, rax, { base: rax });
  a.bit("btr", 8, rax, NX_BIT);
  a.alu("and", 8, rax, { imm: -PAGE });
  a.pop(rdi);
  a.alu("and", 4, rdi, { imm: PAGE - 1 });
  a.alu("or", 8, rax, rdi);
  a.plain("ret");
  return a.section("hw.readable");
}

/** `rt.memory_grow(delta) → old size or -1`: `limit` pages of 64 KiB at most. What is new appears when it is touched. */
export function memoryGrow(limit: number): Section {
  const a = new Assembler();
  const fail = a.label();
  a.symbol(symbols.memoryGrow);
  a.mov(4, rax, { symbol: symbols.memoryPages });
  a.mov(4, rdi, rdi);
  a.alu("add", 8, rdi, rax);
  a.alu("cmp", 8, rdi, { imm: limit });
  a.jump(fail, "a");
  a.mov(4, { symbol: symbols.memoryPages }, rdi);
  a.plain("ret");
  a.bind(fail);
  a.movImm(rax, 0xffff_ffffn);
  a.plain("ret");
  return a.section("boot.memory_grow");
}

/**
 * Private pages become the image's again, or absent. Pages that devices know keep their place and get their first content back: a device may
 * still write to them until its driver has reset it.
 */
export function restore(): Section {
  const a = new Assembler();
  a.symbol("boot.restore");
  a.movAddress(regs.rbx, "boot.window");
  a.alu("xor", 4, r8, r8);
  level(a, regs.rbx, 9, 18, () => {
    a.mov(8, regs.rbp, rax);
    level(a, regs.rbp, WORDS, 9, () => {
      a.mov(8, r9, rax);
      level(a, r9, WORDS, 0, () => restorePage(a));
    });
  });
  a.jumpSymbol("boot.reload");
  return a.section("boot.restore");
}

/** Walks `count` entries at `at`; rax is what a present one leads to. r8 is the page number, 2^bits pages an entry. */
function level(a: Assembler, at: number, count: number, bits: number, body: () => void): void {
  const skip = a.label();
  const next = a.label();
  a.pushImm(count);
  const again = a.here();
  a.mov(8, rax, { base: at });
  a.test(4, rax, { imm: bits === 0 ? Number(entry.writable) : Number(entry.present) });
  a.jump(skip, "e");
  a.alu("and", 8, rax, { imm: -PAGE });
  body();
  if (bits !== 0) a.jump(next);
  a.bind(skip);
  a.alu("add", 8, r8, { imm: 2 ** bits });
  a.bind(next);
  a.alu("add", 8, at, { imm: 8 });
  a.unary("dec", 8, { base: regs.rsp });
  a.jump(again, "ne");
  a.pop(rax);
}

/** rax: the private page r8, with its no-execute bit; r9: its entry. */
function restorePage(a: Assembler): void {
  const free = a.label();
  const blank = a.label();
  const done = a.label();
  a.bit("btr", 8, rax, NX_BIT);
  a.mov(8, rdi, rax);
  a.call("boot.origin");
  a.test(4, { base: r9 }, { imm: Number(entry.pinned) });
  a.jump(free, "e");
  a.movImm(rcx, BigInt(WORDS));
  a.test(8, rax, rax);
  a.jump(blank, "e");
  a.mov(8, rsi, rax);
  a.bit("btr", 8, rsi, NX_BIT);
  a.alu("and", 8, rsi, { imm: -PAGE });
  a.plain("rep movsq");
  a.jump(done);
  a.bind(blank);
  a.plain("rep stosq");
  a.jump(done);
  a.bind(free);
  a.mov(8, { base: r9 }, rax);
  a.mov(8, rax, { symbol: "boot.free" });
  a.mov(8, { base: rdi }, rax);
  a.mov(8, { symbol: "boot.free" }, rdi);
  a.unary("dec", 8, field("pages"));
  a.bind(done);
}

/** rdi: an address of a device above 4 GiB: its region appears, uncached. */
export function mapDevice(): Section {
  const a = new Assembler();
  a.symbol("boot.map_device");
  a.push(rdi);
  a.mov(8, rcx, rdi);
  a.shift("shr", 8, rcx, 39);
  a.movAddress(rax, "boot.root");
  for (const bits of [30, 21]) {
    step(a);
    a.call("boot.descend");
    a.mov(8, rcx, { base: regs.rsp });
    a.shift("shr", 8, rcx, bits);
  }
  step(a);
  a.pop(rax);
  a.alu("and", 8, rax, { imm: -0x20_0000 });
  a.movImm(rcx, entry.present | entry.writable | entry.device | entry.large | entry.noExecute);
  a.alu("or", 8, rax, rcx);
  a.mov(8, { base: r9 }, rax);
  a.plain("ret");
  return a.section("boot.map_device");
}
