/** What boot code itself has to say, through the firmware; and the firmware's other services. */
import { type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { keeping, loadField, routine, type Width } from "./idioms.ts";
import { sbi } from "./layout.ts";

const { a0, a1, a2, a3, a4, a6, a7, s0, s1, t0, t1, t2, sp, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** `hw.sbi(extension, function, x, y) → value`, or the error, which is less than 0 (SBI 2.0, chapter 3). */
export function firmware(xlen: Width): Section {
  return routine(xlen, "hw.sbi", (a) => {
    const good = a.label();
    a.mv(a7, a0);
    a.mv(a6, a1);
    a.mv(a0, a2);
    // With registers of 32 bits x and y have two each. A call with a long x has no y, and the other way round.
    if (xlen === 64) a.mv(a1, a3);
    else a.r("or", a1, a3, a4);
    a.mv(a2, zero);
    a.plain("ecall");
    a.branch("ge", a0, zero, good);
    if (xlen === 32) a.li(a1, -1n);
    a.ret();
    a.bind(good);
    a.mv(a0, a1);
    if (xlen === 32) a.mv(a1, zero);
    a.ret();
  });
}

/** a0: a text that ends with 0. By the debug console where there is one, else by the old call. */
export function print(xlen: Width): Section {
  return routine(xlen, "boot.print", (a) => {
    const [next, end, written] = [a.label(), a.label(), a.label()];
    keeping(a, [s0], () => {
      a.mv(s0, a0);
      a.bind(next);
      a.load("lbu", a0, s0);
      a.branch("eq", a0, zero, end);
      a.li(a7, sbi.console);
      a.li(a6, 2n);
      a.plain("ecall");
      a.branch("eq", a0, zero, written);
      a.load("lbu", a0, s0);
      a.li(a7, sbi.putchar);
      a.li(a6, 0n);
      a.plain("ecall");
      a.bind(written);
      a.i("addi", s0, s0, 1);
      a.jump(next);
      a.bind(end);
    });
    a.ret();
  });
}

/** a0: a number, written in hexadecimal without leading zeros. */
export function hexadecimal(xlen: Width): Section {
  return routine(xlen, "boot.hexadecimal", (a) => {
    a.la(t0, "boot.digits", 16);
    const digit = a.here();
    const decimal = a.label();
    a.i("andi", t1, a0, 15);
    a.i("addi", t1, t1, 0x30);
    a.i("slti", t2, t1, 0x3a);
    a.branch("ne", t2, zero, decimal);
    a.i("addi", t1, t1, 0x27);
    a.bind(decimal);
    a.i("addi", t0, t0, -1);
    a.store("sb", t1, t0);
    a.shift("srli", a0, a0, 4);
    a.branch("ne", a0, zero, digit);
    a.mv(a0, t0);
    a.tail("boot.print");
  });
}

/** A fault that nobody expected, or traps without an end: said, with what is known, and the end. */
export function fatal(xlen: Width): Section {
  return routine(xlen, "boot.fatal", (a) => {
    const say = (text: string, number: () => void) => {
      a.la(a0, `boot.text.${text}`);
      a.call("boot.print");
      number();
      a.call("boot.hexadecimal");
    };
    say("fault", () => a.csr("csrrs", a0, "scause", zero));
    say("address", () => a.csr("csrrs", a0, "sepc", zero));
    say("target", () => a.csr("csrrs", a0, "stval", zero));
    a.la(a0, "boot.text.nothing");
    a.tail("boot.stop");
    a.symbol("boot.loop");
    say("trap", () => loadField(a, a0, "trap"));
    say("address", () => loadField(a, a0, "trapAddress"));
    say("target", () => loadField(a, a0, "trapTarget"));
    a.la(a0, "boot.text.loop");
    // Falls into: a0 is the reason.
    a.symbol("boot.stop");
    a.mv(s1, a0);
    a.la(sp, "boot.fault_stack.end");
    a.mv(a0, s1);
    a.call("boot.print");
    a.la(a0, "boot.text.stopped");
    a.call("boot.print");
    // Falls into: switches the machine off, or resets one that has no switch.
    a.symbol("hw.stop");
    for (const type of [0n, 1n]) ask(a, sbi.reset, [type]);
    ask(a, sbi.shutdown, []);
    const ever = a.here();
    a.csr("csrrw", zero, "sie", zero);
    a.plain("wfi");
    a.jump(ever);
  });
}

function ask(a: RiscvAssembler, extension: bigint, args: readonly bigint[]): void {
  const places: readonly Reg[] = [a0, a1, a2, a3, a4];
  places.forEach((place, n) => {
    a.li(place, args[n] ?? 0n);
  });
  a.li(a6, 0n);
  a.li(a7, extension);
  a.plain("ecall");
}
