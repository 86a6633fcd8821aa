/** What boot code has to say when it fails: through the machine's `boot.print`. */
import { Assembler, regs, type Section } from "#codegen";
import type { fields } from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rsp, rsi, rdi, rbx } = regs;

/** rdi: a number, written in hexadecimal without leading zeros. */
export function hexadecimal(): Section {
  const a = new Assembler();
  a.symbol("boot.hexadecimal");
  a.movAddress(rsi, "boot.digits", 16);
  const digit = a.here();
  const decimal = a.label();
  a.mov(4, rax, rdi);
  a.alu("and", 4, rax, { imm: 15 });
  a.alu("add", 4, rax, { imm: 0x30 });
  a.alu("cmp", 4, rax, { imm: 0x3a });
  a.jump(decimal, "b");
  a.alu("add", 4, rax, { imm: 0x27 });
  a.bind(decimal);
  a.unary("dec", 8, rsi);
  a.mov(1, { base: rsi }, rax);
  a.shift("shr", 8, rdi, 4);
  a.jump(digit, "ne");
  a.jumpSymbol("boot.print");
  return a.section("boot.hexadecimal");
}

/** A fault that nobody expected (rsp: its frame), or traps without an end: said, with what is known, and the end. */
export function fatal(): Section {
  const a = new Assembler();
  const say = (text: string, number: () => void) => {
    a.movAddress(rsi, `boot.text.${text}`);
    a.call("boot.print");
    number();
    a.call("boot.hexadecimal");
  };
  a.symbol("boot.fatal");
  a.mov(8, rbx, rsp);
  const at = (n: number) => () => a.mov(8, rdi, { base: rbx, disp: 8 * n });
  say("fault", () => a.extend(false, 4, 1, rdi, { base: rbx, disp: 72 }));
  say("error", at(10));
  say("address", at(11));
  say("target", () => a.readControl(rdi, 2));
  a.movAddress(rsi, "boot.text.nothing");
  a.jumpSymbol("boot.stop");
  a.symbol("boot.loop");
  for (const [text, name] of [
    ["trap", "trap"],
    ["address", "trapAddress"],
    ["target", "trapTarget"],
  ] as const)
    say(text, () => a.mov(8, rdi, field(name satisfies keyof typeof fields)));
  a.movAddress(rsi, "boot.text.loop");
  // Falls into: rsi is the reason.
  a.symbol("boot.stop");
  a.plain("cli");
  a.movAddress(rsp, "boot.fault_stack.end");
  a.call("boot.print");
  a.movAddress(rsi, "boot.text.stopped");
  a.call("boot.print");
  a.jumpSymbol("boot.halt");
  return a.section("boot.fatal");
}
