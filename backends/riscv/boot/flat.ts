/**
 * Machines of 32 bits have no room for a window that guards linear memory: compiled code checks every access instead, and memory needs no pages. So there is no
 * translation: the image is linked where it lies, linear memory lies behind it, and what may be executed or written is up to the firmware (`firmware/shim.ts`).
 */
import { riscvRegs, type Section } from "#codegen";
import { takeOver } from "./entry.ts";
import { copyWords, routine, storeWordTo, wipe } from "./idioms.ts";
import { fields } from "./layout.ts";

const { a0, a1, s0, s1, s2, s3, sp, t0, t1, t2, t3, t4, t5, zero } = riscvRegs;

/** a0: number of the hardware thread, a1: the device tree. Memory behind the file may have anything in it. */
export function flatEntry(): Section {
  return routine(32, "boot.entry", (a) => {
    a.symbol("image.begin");
    const clear = a.label();
    a.csr("csrrw", zero, "sie", zero);
    a.li(t0, 2n);
    a.csr("csrrc", zero, "sstatus", t0);
    a.csr("csrrs", s2, "time", zero);
    a.csr("csrrs", s3, "timeh", zero);
    a.mv(s0, a0);
    a.mv(s1, a1);
    a.la(sp, "boot.stack.end");
    // Whoever put the device tree there knew the file's size, not that of the image in memory.
    a.la(t0, "image.begin");
    a.la(t1, "image.end");
    a.branch("ltu", s1, t0, clear);
    a.branch("geu", s1, t1, clear);
    a.la(a0, "boot.text.full");
    a.tail("boot.stop");
    a.bind(clear);
    // The page that nobody may write lies in between.
    for (const [from, to] of [
      ["link.rw.start", "boot.guard"],
      ["boot.guard.end", "link.rw.end"],
    ] as const) {
      a.la(t0, from);
      a.la(t1, to);
      wipe(a, t0, t1);
    }
    takeOver(a);
    storeWordTo(a, s3, "boot.record", t0, 8 * fields.entered + 4);
    a.call("boot.parse");
    a.call("boot.fits");
    a.tail("boot.run");
  });
}

/** Stops the machine if its memory ends before the image. Ranges are pairs of begin and end. */
export function fits(): Section {
  return routine(32, "boot.fits", (a) => {
    const [next, other, good] = [a.label(), a.label(), a.label()];
    a.la(t0, "boot.ranges");
    a.loadFrom("lw", t1, "boot.ranges_used");
    a.la(t2, "image.begin");
    a.la(t3, "image.end");
    a.bind(next);
    a.load("lw", t4, t0);
    a.load("lw", t5, t0, 8);
    a.branch("ltu", t2, t4, other);
    a.branch("geu", t5, t3, good);
    a.bind(other);
    a.i("addi", t0, t0, 16);
    a.i("addi", t1, t1, -1);
    a.branch("ne", t1, zero, next);
    a.la(a0, "boot.text.full");
    a.tail("boot.stop");
    a.bind(good);
    a.ret();
  });
}

/** Linear memory as it was made, but for the bytes that the image has by runs: at the start and at every restart. Devices are quiet. */
export function fill(): Section {
  return routine(32, "boot.fill", (a) => {
    const [next, done] = [a.label(), a.label()];
    a.la(t0, "boot.linear");
    a.la(t1, "boot.linear.end");
    wipe(a, t0, t1);
    a.la(a0, "image.runs");
    a.bind(next);
    a.load("lw", t2, a0, 4);
    a.branch("eq", t2, zero, done);
    a.la(t3, "boot.linear");
    a.load("lw", t0, a0);
    a.load("lw", t1, a0, 8);
    for (const reg of [t0, t1, t2]) a.shift("slli", reg, reg, 12);
    a.r("add", t0, t0, t3);
    a.r("add", t2, t2, t3);
    a.la(t3, "image.snapshot");
    a.r("add", t1, t1, t3);
    copyWords(a, t0, t1, t2, t3);
    a.i("addi", a0, a0, 12);
    a.jump(next);
    a.bind(done);
    a.ret();
  });
}

/** `hw.physical(pointer) → address`, of 64 bits; `hw.readable` is the same. */
export function flatPhysical(): Section {
  return routine(32, "hw.physical", (a) => {
    a.symbol("hw.readable");
    a.la(t0, "boot.linear");
    a.r("add", a0, a0, t0);
    a.mv(a1, zero);
    a.ret();
  });
}
