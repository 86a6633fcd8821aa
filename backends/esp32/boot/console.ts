/** What boot code itself has to say, and the end. */
import { type Section, type XtensaAssembler, xtensaRegs } from "#codegen";
import { loadField, routine, tail } from "./idioms.ts";
import { frame } from "./layout.ts";
import type { Machine } from "./machine.ts";

const { a0, a2, a3, a4, a5, a6, a7, a10, a11, a12, a13, a14 } = xtensaRegs;

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

/** All registers as the last exception has found them, a0 first; and where in compiled code that leads back to, if it does. Destroys a2 to a7. */
export function dump(): Section {
  return routine("boot.dump", (a) => {
    const outside = a.label();
    a.mv(a11, a0);
    a.la(a2, "boot.text.registers");
    a.call("boot.print");
    a.la(a7, "boot.frame", frame.registers);
    a.la(a10, "boot.frame", frame.size);
    const next = a.here();
    a.la(a2, "boot.text.blank");
    a.call("boot.print");
    a.load("l32i", a2, a7);
    a.call("boot.hexadecimal");
    a.addi(a7, a7, 4);
    a.branch("bltu", a7, a10, next);
    a.la(a7, "boot.frame", frame.registers);
    a.load("l32i", a7, a7);
    a.la(a2, "image.compiled");
    a.r("sub", a7, a7, a2);
    a.la(a3, "image.compiled_end");
    a.r("sub", a3, a3, a2);
    a.branch("bgeu", a7, a3, outside);
    a.la(a2, "boot.text.back");
    a.call("boot.print");
    a.mv(a2, a7);
    a.call("boot.hexadecimal");
    a.bind(outside);
    a.mv(a0, a11);
    a.ret();
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
    a.call("boot.dump");
    say("fault", () => a.mv(a2, a12));
    say("address", () => a.mv(a2, a13));
    say("target", () => a.mv(a2, a14));
    a.la(a2, "boot.text.nothing");
    const end = a.label();
    a.jump(end);
    a.symbol("boot.loop");
    a.call("boot.dump");
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
