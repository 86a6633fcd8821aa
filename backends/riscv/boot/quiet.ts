/**
 * Devices write into memory when they like. So before memory is given its first content again, those that the program has named are reset:
 * each by a zero in its status register, the one thing that boot code has to know of a device.
 */
import { riscvRegs, type Section } from "#codegen";
import { loadWord, loadWordFrom, routine, storeWord, storeWordTo, type Width } from "./idioms.ts";

const { a0, a1, a2, t0, t1, t2, zero } = riscvRegs;

/** What can be named; more than this is not noted. */
export const MOST_DEVICES = 16;

/** `hw.atRestart(address, bytes)`: the address has 64 bits everywhere. A zero of that size is written to this physical address before a warm restart, once. */
export function note(xlen: Width): Section {
  return routine(xlen, "hw.atRestart", (a) => {
    const full = a.label();
    loadWordFrom(a, t0, "boot.devices_used");
    a.li(t1, BigInt(MOST_DEVICES));
    a.branch("geu", t0, t1, full);
    a.i("addi", t1, t0, 1);
    storeWordTo(a, t1, "boot.devices_used", t2);
    a.shift("slli", t0, t0, 4);
    a.la(t1, "boot.devices");
    a.r("add", t0, t0, t1);
    storeWord(a, a0, t0);
    storeWord(a, xlen === 64 ? a1 : a2, t0, 8);
    a.bind(full);
    a.ret();
  });
}

/** Resets what was named. */
export function quiet(xlen: Width): Section {
  return routine(xlen, "boot.quiet", (a) => {
    const [done, word] = [a.label(), a.label()];
    const next = a.here();
    loadWordFrom(a, t0, "boot.devices_used");
    a.branch("eq", t0, zero, done);
    a.i("addi", t0, t0, -1);
    storeWordTo(a, t0, "boot.devices_used", t1);
    a.shift("slli", t0, t0, 4);
    a.la(t1, "boot.devices");
    a.r("add", t0, t0, t1);
    loadWord(a, a0, t0);
    loadWord(a, a1, t0, 8);
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
