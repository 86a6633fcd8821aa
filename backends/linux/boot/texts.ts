/** What boot code itself has to say: put together in a line, and written at once. */
import { Assembler, dataSection, regs, type Section } from "#codegen";
import { systemCall } from "./kernel.ts";
import { exitCodes } from "./layout.ts";

const { rax, rcx, rdx, rsi, rdi, r8, r13 } = regs;

export const LINE_SIZE = 2048;
const files = { output: 1, errors: 2 } as const;

/** The texts of an image, each once. */
export class Texts {
  readonly #places = new Map<string, number>();
  #size = 0;

  /** A symbol for `text` with a zero behind it. */
  symbol(text: string): string {
    if (!this.#places.has(text)) {
      this.#places.set(text, this.#size);
      this.#size += text.length + 1;
    }
    return `boot.text.${this.#places.get(text)}`;
  }

  section(): Section {
    const all = [...this.#places.keys()].map((text) => `${text}\0`).join("");
    const symbols = [...this.#places.values()].map((offset) => ({ name: `boot.text.${offset}`, offset }));
    return dataSection("boot.texts", "r", 1, new TextEncoder().encode(all), symbols);
  }
}

/** A text, the one at r13, why the last system call failed (rax), or a number. */
export type Piece =
  | string
  | typeof named
  | typeof reason
  | { readonly number: regs.Reg | regs.Mem; readonly base: 10 | 16 };
export const named = Symbol("the text at r13");
export const reason = Symbol("the kernel's reason");

/** Puts pieces behind what is in the line. */
export function put(a: Assembler, texts: Texts, pieces: readonly Piece[]): void {
  for (const piece of pieces) {
    if (typeof piece === "string") a.movAddress(rsi, texts.symbol(piece));
    else if (piece === named) a.mov(8, rsi, r13);
    else if (piece === reason) {
      a.call("boot.put_reason");
      continue;
    } else {
      a.mov(8, rdi, piece.number);
      a.movImm(r8, BigInt(piece.base));
      a.call("boot.put_number");
      continue;
    }
    a.call("boot.put");
  }
}

/** Says so, with the program's name before it, and ends the process. */
export function complain(
  a: Assembler,
  texts: Texts,
  code: keyof typeof exitCodes,
  ...pieces: readonly Piece[]
): void {
  // The reason is needed before anything else is called.
  if (pieces.includes(reason)) a.mov(8, regs.r12, rax);
  a.mov(8, rsi, { symbol: "boot.program" });
  a.call("boot.put");
  put(a, texts, [": ", ...pieces]);
  leave(a, code);
}

/** Ends the process with what is in the line. */
function leave(a: Assembler, code: keyof typeof exitCodes): void {
  a.movImm(regs.rbx, BigInt(exitCodes[code]));
  a.jumpSymbol("boot.leave");
}

/** Writes what is in the line to standard output, and ends. */
export function answer(a: Assembler): void {
  systemCall(a, "write", files.output, { address: "boot.line" }, "is there");
  a.movImm(rdi, BigInt(exitCodes.done));
  a.jumpSymbol("boot.exit");
}

const reasons: Readonly<Record<number, string>> = {
  1: "not permitted",
  2: "there is no such file",
  6: "there is no such device",
  9: "it is not open",
  13: "not allowed for this user",
  16: "another program uses it",
  19: "there is no such device",
  22: "it is of another kind",
  38: "this kernel does not have that",
  97: "this kernel does not have that",
};

export function textRoutines(texts: Texts): Section {
  const a = new Assembler();
  putText(a);
  putNumber(a);
  putReason(a, texts);
  a.symbol("boot.leave");
  put(a, texts, ["\n"]);
  a.mov(4, rdx, { symbol: "boot.line_used" });
  systemCall(a, "write", files.errors, { address: "boot.line" }, "is there");
  a.mov(4, rdi, regs.rbx);
  a.symbol("boot.exit");
  systemCall(a, "exit_group", "is there");
  return a.section("boot.texts_code");
}

/** rsi: a text that ends with 0. What does not fit is left out. Uses rax, rdi. */
function putText(a: Assembler): void {
  const end = a.label();
  a.symbol("boot.put");
  a.mov(4, rdi, { symbol: "boot.line_used" });
  const next = a.here();
  a.mov(1, rax, { base: rsi });
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.alu("cmp", 4, rdi, { imm: LINE_SIZE });
  a.jump(end, "ae");
  a.mov(1, { index: rdi, symbol: "boot.line" }, rax);
  a.unary("inc", 8, rsi);
  a.unary("inc", 4, rdi);
  a.jump(next);
  a.bind(end);
  a.mov(4, { symbol: "boot.line_used" }, rdi);
  a.plain("ret");
}

/** rdi: a number, r8: its base. */
function putNumber(a: Assembler): void {
  a.symbol("boot.put_number");
  a.movAddress(rsi, "boot.digits", 23);
  a.mov(8, rax, rdi);
  const digit = a.here();
  const decimal = a.label();
  a.alu("xor", 4, rdx, rdx);
  a.unary("div", 8, r8);
  a.alu("add", 4, rdx, { imm: 0x30 });
  a.alu("cmp", 4, rdx, { imm: 0x3a });
  a.jump(decimal, "b");
  a.alu("add", 4, rdx, { imm: 0x27 });
  a.bind(decimal);
  a.unary("dec", 8, rsi);
  a.mov(1, { base: rsi }, rdx);
  a.test(8, rax, rax);
  a.jump(digit, "ne");
  a.jumpSymbol("boot.put");
}

/** r12: what a system call gave that failed. */
function putReason(a: Assembler, texts: Texts): void {
  a.symbol("boot.put_reason");
  a.mov(8, rcx, regs.r12);
  a.unary("neg", 8, rcx);
  for (const [number, text] of Object.entries(reasons)) {
    const other = a.label();
    a.alu("cmp", 4, rcx, { imm: Number(number) });
    a.jump(other, "ne");
    a.movAddress(rsi, texts.symbol(text));
    a.jumpSymbol("boot.put");
    a.bind(other);
  }
  a.push(rcx);
  put(a, texts, ["error "]);
  a.pop(rdi);
  a.movImm(r8, 10n);
  a.jumpSymbol("boot.put_number");
}
