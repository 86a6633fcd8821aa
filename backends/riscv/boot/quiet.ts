/**
 * Devices write into memory when they like. So before memory is given its first content again, those that the program has named are reset:
 * each by a zero in its status register, the one thing that boot code has to know of a device.
 */
import { riscvRegs, type Section } from "#codegen";
import { routine } from "./idioms.ts";

const { a0, a1, t0, t1, t2, zero } = riscvRegs;

/** What can be named; more than this is not noted. */
export const MOST_DEVICES = 16;

/** `hw.atRestart(address, bytes)`: a zero of that size is written to this physical address before a warm restart, once. */
export function note(): Section {
  return routine("hw.atRestart", (a) => {
    const full = a.label();
    a.loadFrom("ld", t0, "boot.devices_used");
    a.li(t1, BigInt(MOST_DEVICES));
    a.branch("geu", t0, t1, full);
    a.i("addi", t1, t0, 1);
    a.storeTo("sd", t1, "boot.devices_used", t2);
    a.shift("slli", t0, t0, 4);
    a.la(t1, "boot.devices");
    a.r("add", t0, t0, t1);
    a.store("sd", a0, t0);
    a.store("sd", a1, t0, 8);
    a.bind(full);
    a.ret();
  });
}

/** Resets what was named. */
export function quiet(): Section {
  return routine("boot.quiet", (a) => {
    const [done, word] = [a.label(), a.label()];
    const next = a.here();
    a.loadFrom("ld", t0, "boot.devices_used");
    a.branch("eq", t0, zero, done);
    a.i("addi", t0, t0, -1);
    a.storeTo("sd", t0, "boot.devices_used", t1);
    a.shift("slli", t0, t0, 4);
    a.la(t1, "boot.devices");
    a.r("add", t0, t0, t1);
    a.load("ld", a0, t0);
    a.load("ld", a1, t0, 8);
    a.li(t1, 1n);
    a.branch("ne", a1, t1, word);
    a.store("sb", zero, a0);
    a.jump(next);
    a.bind(word);
    a.store("sw", zero, a0);
    a.jump(next);
    a.bind(done);
    a.plain("fence");
    a.ret();
  });
}
