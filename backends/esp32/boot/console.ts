/** What boot code itself has to say, and the end. */
import { type Section, type XtensaAssembler, xtensaRegs } from "#codegen";
import { loadField, routine, tail } from "./idioms.ts";
import type { Machine } from "./machine.ts";

const { a2, a3, a4, a5, a6, a12, a13, a14 } = xtensaRegs;

/** `name`, a2: a text that ends with 0. Destroys a2 to a6. */
export function print(machine: Machine, name: string): Section {
  return routine(name, (a) => {
    const [next, done] = [a.label(), a.label()];
    a.mv(a5, a2);
    a.bind(next);
    a.load("l8ui", a2, a5);
    a.branchZero("beqz", a2, done);
    machine.putByte(a);
    a.addi(a5, a5, 1);
    a.jump(next);
    a.bind(done);
    a.ret();
  });
}

/** a2: a number, written in hexadecimal without leading zeros. Destroys a2 to a6. */
export function hexadecimal(): Section {
  return routine("boot.hexadecimal", (a) => {
    a.la(a3, "boot.digits", 16);
    const digit = a.here();
    const decimal = a.label();
    a.extui(a4, a2, 0, 4);
    a.addi(a5, a4, 0x30);
    a.li(a6, 10n);
    a.branch("blt", a4, a6, decimal);
    a.addi(a5, a5, 0x27);
    a.bind(decimal);
    a.addi(a3, a3, -1);
    a.store("s8i", a5, a3);
    a.srli(a2, a2, 4);
    a.branchZero("bnez", a2, digit);
    a.la(a4, "boot.print");
    a.mv(a2, a3);
    a.jumpTo(a4);
  });
}

/** a3: the cause, a5: where, a6: what was touched. A fault that nobody expected, or traps without an end: said, with what is known, and the end. */
export function fatal(): Section {
  return routine("boot.fatal", (a) => {
    const say = (text: string, number: () => void) => {
      a.la(a2, `boot.text.${text}`);
      a.call("boot.print");
      number();
      a.call("boot.hexadecimal");
    };
    for (const [kept, from] of [
      [a12, a3],
      [a13, a5],
      [a14, a6],
    ] as const)
      a.mv(kept, from);
    say("fault", () => a.mv(a2, a12));
    say("address", () => a.mv(a2, a13));
    say("target", () => a.mv(a2, a14));
    a.la(a2, "boot.text.nothing");
    const end = a.label();
    a.jump(end);
    a.symbol("boot.loop");
    say("trap", () => loadField(a, a2, "trap"));
    say("address", () => loadField(a, a2, "trapAddress"));
    say("target", () => loadField(a, a2, "trapTarget"));
    a.la(a2, "boot.text.loop");
    // Falls into: a2 is the reason.
    a.bind(end);
    a.symbol("boot.stop");
    a.call("boot.print");
    a.la(a2, "boot.text.stopped");
    a.call("boot.print");
    tail(a, "hw.stop");
  });
}

/** `hw.stop()`: switches the machine off. Calls go to multiples of four, so it begins a section. */
export function stop(machine: Machine): Section {
  return routine("hw.stop", (a) => {
    machine.stop(a);
    sleepForEver(a);
  });
}

function sleepForEver(a: XtensaAssembler): void {
  a.li(a2, 0n);
  a.special("wsr", a2, "intenable");
  a.plain("rsync");
  const ever = a.here();
  a.plain("waiti 0");
  a.jump(ever);
}
