/** The way in, and the processor's vectors. */
import { type Section, XtensaAssembler, xtensaRegs } from "#codegen";
import { routine, storeField, tail, wipe } from "./idioms.ts";
import { INTERRUPT_LEVEL, PROGRAM_STATE, uartKinds, VECTORS_ALIGN, vectors, WATCHED } from "./layout.ts";
import type { Machine } from "./machine.ts";

const { a0, sp, a2, a3, a4, a5, a12 } = xtensaRegs;

/** Watches stores (Xtensa ISA, 4.7.6.4), in a piece of 64 bytes. */
const WATCH_STORES = 1n << 31n;

/** a2: what the loader has to say, or anything. Windows of registers are not used: what a loader has left in others is forgotten. */
export function entry(machine: Machine): Section {
  return routine("boot.entry", (a) => {
    a.li(a3, 0x2fn);
    a.special("wsr", a3, "ps");
    a.plain("rsync");
    a.li(a3, 0n);
    for (const name of ["windowbase", "intenable", "lcount", "ccount", "ccompare0"] as const)
      a.special("wsr", a3, name);
    a.li(a3, 1n);
    a.special("wsr", a3, "windowstart");
    a.plain("rsync");
    machine.begin(a);
    a.la(a3, "boot.vectors");
    a.special("wsr", a3, "vecbase");
    watchStack(a);
    a.mv(a12, a2);
    // A loader that knows only the file's bytes has left anything behind them. Linear memory is made when it is known to be there.
    a.la(a3, "link.rw.start");
    a.la(a4, "boot.linear");
    wipe(a, a3, a4, a5);
    a.la(sp, "boot.stack.end");
    a.li(a3, BigInt(PROGRAM_STATE));
    a.special("wsr", a3, "ps");
    a.plain("rsync");
    a.plain("isync");
    machine.hertz(a, a3);
    storeField(a, a3, "hertz");
    for (const [field, value] of [
      ["uart", machine.uart.base],
      ["uartKind", uartKinds[machine.uart.kind]],
      ["network", machine.network.base],
      ["networkInterrupt", machine.network.interrupt],
      ["random", machine.random],
      ["hardwareAddress", machine.hardwareAddress],
      ["phy", machine.phy.phy],
      ["phyPins", machine.phy.phyPins],
      ["resetCause", machine.resetCause],
      ["values", machine.values],
    ] as const) {
      a.li(a3, BigInt(value));
      storeField(a, a3, field);
    }
    if (machine.parameters !== undefined) {
      a.mv(a2, a12);
      a.call("boot.parse");
    }
    tail(a, "boot.run");
  });
}

function watchStack(a: XtensaAssembler): void {
  a.li(a4, WATCH_STORES);
  for (const n of [0, 1] as const) {
    a.la(a3, "boot.stack", n * WATCHED);
    a.special("wsr", a3, `dbreaka${n}`);
    a.special("wsr", a4, `dbreakc${n}`);
  }
  a.plain("rsync");
}

/** Each begins by saving a0, where an exception of its level keeps it, and goes on in `exceptions.ts`. */
export function vectorTable(): Section {
  const a = new XtensaAssembler();
  a.symbol("boot.vectors");
  const at = (place: number, write: () => void) => {
    while (a.length < place) a.byte(0);
    write();
  };
  for (const level of [2, 3, 4, 5] as const) at(vectors[`level${level}`], () => a.call("boot.unexpected"));
  at(vectors.debug, () => {
    a.special("wsr", a0, "excsave6");
    a.call("boot.debug");
  });
  at(vectors.nmi, () => a.call("boot.unexpected"));
  for (const mode of ["kernel", "user"] as const)
    at(vectors[mode], () => {
      a.special("wsr", a0, "excsave1");
      a.call("boot.exception");
    });
  at(vectors.double, () => a.call("boot.unexpected"));
  return a.section("boot.vectors", "rx", VECTORS_ALIGN);
}

/** An interrupt that ended `waiti`: what it wants is asked for later, and until then none comes through. a0 is in EXCSAVE1. */
export function interrupted(a: XtensaAssembler): void {
  a.special("rsr", a0, "ps");
  // The level is 0 here: nowhere else can one come.
  a.addi(a0, a0, INTERRUPT_LEVEL);
  a.special("wsr", a0, "ps");
  a.special("rsr", a0, "excsave1");
  a.plain("rsync");
  a.plain("rfe");
}
