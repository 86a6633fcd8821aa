/**
 * Values of slots, as the command line gives them: copied before compiled code runs into memory that it cannot write and that outlives a restart.
 * The words that they stood in are wiped: other processes may read them. Only in images that have slots.
 */
import { Assembler, memoryBase, regs, type Section } from "#codegen";
import { systemCall } from "./kernel.ts";
import { exitCodes } from "./layout.ts";
import type { LinkOption } from "./links.ts";
import { complain, named, reason, type Texts } from "./texts.ts";

const { rax, rcx, rdx, rsi, rdi, r12, r13, r14 } = regs;

/** Bytes of all texts together. */
const SIZE = 128 * 1024;
const MOST_TEXTS = 64;
/** Of each text: where it begins, its size, its form; 4 bytes each. */
const ROW = 16;
const place = { offset: 0, size: 4, form: 8 } as const;

/** As `stdlib/core/given.ts` has them. */
const form = { lines: 1, value: 2 } as const;

const O_RDONLY_CLOEXEC = 0x8_0000;

export const givenState: readonly (readonly [name: string, bytes: number])[] = [
  ["boot.given_rows", ROW * MOST_TEXTS],
  ["boot.given_count", 4],
  ["boot.given_used", 4],
  ["boot.given", SIZE],
];

export const givenHelp = `  --param SLOT=VALUE  a value that the appliance wants when it starts
  --secret SLOT=FILE  the content of a file as such a value
  --slots FILE        a file with lines SLOT=VALUE
  --slots-fd N        the same from a file that is open already
`;

export const givenOptions: readonly LinkOption[] = [
  { name: "--param", wants: "SLOT=VALUE", take: takeParam },
  { name: "--secret", wants: "SLOT=FILE", take: takeSecret },
  { name: "--slots", wants: "the name of a file with lines SLOT=VALUE", take: takeFile },
  { name: "--slots-fd", wants: "the number of an open file", take: takeOpen },
];

/** A text of that form begins; r14: its row. */
function begin(a: Assembler, texts: Texts, of: number): void {
  const room = a.label();
  a.mov(4, r14, { symbol: "boot.given_count" });
  a.alu("cmp", 4, r14, { imm: MOST_TEXTS });
  a.jump(room, "b");
  complain(a, texts, "usage", `more than ${MOST_TEXTS} values and files with values are too many`);
  a.bind(room);
  a.unary("inc", 4, { symbol: "boot.given_count" });
  a.imulImm(8, r14, r14, ROW);
  a.movAddress(rax, "boot.given_rows");
  a.alu("add", 8, r14, rax);
  a.mov(4, rax, { symbol: "boot.given_used" });
  a.mov(4, { base: r14, disp: place.offset }, rax);
  a.storeImm(4, { base: r14, disp: place.form }, of);
}

function end(a: Assembler): void {
  a.mov(4, rax, { symbol: "boot.given_used" });
  a.alu("sub", 4, rax, { base: r14, disp: place.offset });
  a.mov(4, { base: r14, disp: place.size }, rax);
}

/** One more character, from rax. Uses rdx. */
function append(a: Assembler): void {
  a.mov(4, rdx, { symbol: "boot.given_used" });
  a.alu("cmp", 4, rdx, { imm: SIZE });
  a.jumpSymbol("boot.given_full", "ae");
  a.mov(1, { index: rdx, symbol: "boot.given" }, rax);
  a.unary("inc", 4, { symbol: "boot.given_used" });
}

function takeParam(a: Assembler, texts: Texts): void {
  begin(a, texts, form.lines);
  const done = a.label();
  const next = a.here();
  a.extend(false, 4, 1, rax, { base: r13 });
  a.test(4, rax, rax);
  a.jump(done, "e");
  append(a);
  a.storeImm(1, { base: r13 }, 0);
  a.unary("inc", 8, r13);
  a.jump(next);
  a.bind(done);
  end(a);
}

function takeSecret(a: Assembler, texts: Texts): void {
  begin(a, texts, form.value);
  const [done, some] = [a.label(), a.label()];
  const next = a.here();
  a.extend(false, 4, 1, rax, { base: r13 });
  a.test(4, rax, rax);
  a.jump(some, "ne");
  complain(a, texts, "usage", "--secret wants SLOT=FILE");
  a.bind(some);
  append(a);
  a.unary("inc", 8, r13);
  a.alu("cmp", 4, rax, { imm: "=".charCodeAt(0) });
  a.jump(done, "e");
  a.jump(next);
  a.bind(done);
  openAndRead(a, texts);
  end(a);
}

function takeFile(a: Assembler, texts: Texts): void {
  begin(a, texts, form.lines);
  openAndRead(a, texts);
  end(a);
}

function takeOpen(a: Assembler, texts: Texts): void {
  const [next, ended, bad] = [a.label(), a.label(), a.label()];
  begin(a, texts, form.lines);
  a.alu("xor", 4, r12, r12);
  a.mov(8, rsi, r13);
  a.bind(next);
  a.extend(false, 4, 1, rax, { base: rsi });
  a.test(4, rax, rax);
  a.jump(ended, "e");
  a.alu("sub", 4, rax, { imm: 0x30 });
  a.alu("cmp", 4, rax, { imm: 9 });
  a.jump(bad, "a");
  a.imulImm(8, r12, r12, 10);
  a.alu("add", 8, r12, rax);
  a.unary("inc", 8, rsi);
  a.alu("cmp", 8, r12, { imm: 0xffff });
  a.jump(next, "be");
  a.bind(bad);
  complain(a, texts, "usage", "--slots-fd wants the number of an open file, and not `", named, "`");
  a.bind(ended);
  a.call("boot.given_read");
  end(a);
}

/** The file named at r13. */
function openAndRead(a: Assembler, texts: Texts): void {
  const fine = a.label();
  a.mov(8, rdi, r13);
  systemCall(a, "open", "is there", O_RDONLY_CLOEXEC, 0);
  a.test(8, rax, rax);
  a.jump(fine, "ns");
  complain(a, texts, "trouble", "cannot read `", named, "`: ", reason);
  a.bind(fine);
  a.mov(8, r12, rax);
  a.call("boot.given_read");
}

/** Routines for the options, and what compiled code asks for: module `system`. */
export function givenRoutines(texts: Texts): Section[] {
  const a = new Assembler();
  read(a, texts);
  a.symbol("boot.given_full");
  complain(a, texts, "usage", `values for slots are longer than ${SIZE / 1024} KiB`);
  given(a);
  giveText(a);
  a.symbol("system.refuse");
  a.movImm(rdi, BigInt(exitCodes.refused));
  a.jumpSymbol("boot.exit");
  return [a.section("boot.given_code")];
}

/** Everything from the file r12, which is closed then. */
function read(a: Assembler, texts: Texts): void {
  const [next, done, fine] = [a.label(), a.label(), a.label()];
  a.symbol("boot.given_read");
  a.bind(next);
  a.mov(4, rax, { symbol: "boot.given_used" });
  a.movImm(rdx, BigInt(SIZE));
  a.alu("sub", 4, rdx, rax);
  a.jumpSymbol("boot.given_full", "e");
  a.movAddress(rsi, "boot.given");
  a.alu("add", 8, rsi, rax);
  a.mov(8, rdi, r12);
  systemCall(a, "read", "is there", "is there", "is there");
  a.test(8, rax, rax);
  a.jump(done, "e");
  a.jump(fine, "ns");
  complain(a, texts, "trouble", "cannot read `", named, "`: ", reason);
  a.bind(fine);
  a.alu("add", 4, rax, { symbol: "boot.given_used" });
  a.mov(4, { symbol: "boot.given_used" }, rax);
  a.jump(next);
  a.bind(done);
  a.mov(8, rdi, r12);
  systemCall(a, "close", "is there");
  a.plain("ret");
}

/** `given(n, field)`: of text n 0 its size, 1 its form; 2 how many texts there are. */
function given(a: Assembler): void {
  const [none, ofText, second] = [a.label(), a.label(), a.label()];
  a.symbol("system.given");
  a.mov(4, rax, { symbol: "boot.given_count" });
  a.alu("cmp", 4, rsi, { imm: 2 });
  a.jump(ofText, "b");
  a.plain("ret");
  a.bind(ofText);
  a.alu("cmp", 4, rdi, rax);
  a.jump(none, "ae");
  a.imulImm(8, rdi, rdi, ROW);
  a.test(4, rsi, rsi);
  a.jump(second, "ne");
  a.mov(4, rax, { index: rdi, symbol: "boot.given_rows", disp: place.size });
  a.plain("ret");
  a.bind(second);
  a.mov(4, rax, { index: rdi, symbol: "boot.given_rows", disp: place.form });
  a.plain("ret");
  a.bind(none);
  a.alu("xor", 4, rax, rax);
  a.plain("ret");
}

/** `giveText(n, pointer)`: the whole text. */
function giveText(a: Assembler): void {
  const none = a.label();
  a.symbol("system.giveText");
  a.alu("cmp", 4, rdi, { symbol: "boot.given_count" });
  a.jump(none, "ae");
  a.imulImm(8, rdx, rdi, ROW);
  a.rm("lea", 8, rdi, { base: memoryBase, index: rsi });
  a.mov(4, rcx, { index: rdx, symbol: "boot.given_rows", disp: place.size });
  a.mov(4, rax, { index: rdx, symbol: "boot.given_rows", disp: place.offset });
  a.movAddress(rsi, "boot.given");
  a.alu("add", 8, rsi, rax);
  a.plain("rep movsb");
  a.bind(none);
  a.plain("ret");
}
