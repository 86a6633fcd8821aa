/** Physical pages: those that a restart has freed, then those of RAM from below, without what is taken already. */
import { riscvRegs, type Section } from "#codegen";
import { loadField, routine, storeField } from "./idioms.ts";
import { PAGE } from "./layout.ts";

const { t0, t1, t2, t3, a0, zero } = riscvRegs;

/** → a0: a page, not wiped. Without one left the machine stops. Uses t0 to t3. */
export function allocate(): Section {
  return routine(64, "boot.allocate", (a) => {
    const [fresh, again, found, left, check, free] = Array.from({ length: 6 }, () => a.label());
    loadField(a, t0, "pages");
    a.i("addi", t0, t0, 1);
    storeField(a, t0, "pages", t1);
    a.loadFrom("ld", a0, "boot.free");
    a.branch("eq", a0, zero, fresh!);
    a.load("ld", t0, a0);
    a.storeTo("sd", t0, "boot.free", t1);
    a.ret();
    a.bind(fresh!);
    a.loadFrom("ld", a0, "boot.next");
    a.bind(again!);
    a.loadFrom("ld", t0, "boot.limit");
    a.branch("ltu", a0, t0, found!);
    a.loadFrom("ld", t1, "boot.range");
    a.loadFrom("ld", t0, "boot.ranges_used");
    a.branch("ltu", t1, t0, left!);
    a.la(a0, "boot.text.full");
    a.tail("boot.stop");
    a.bind(left!);
    a.i("addi", t0, t1, 1);
    a.storeTo("sd", t0, "boot.range", t2);
    a.shift("slli", t1, t1, 4);
    a.la(t0, "boot.ranges");
    a.r("add", t0, t0, t1);
    a.load("ld", a0, t0);
    a.load("ld", t1, t0, 8);
    a.storeTo("sd", t1, "boot.limit", t2);
    a.jump(again!);
    a.bind(found!);
    // Not what is taken: then the end of that is the next candidate.
    a.la(t0, "boot.taken");
    a.loadFrom("ld", t1, "boot.taken_used");
    a.shift("slli", t1, t1, 4);
    a.r("add", t1, t1, t0);
    a.bind(check!);
    a.branch("geu", t0, t1, free!);
    a.load("ld", t2, t0);
    a.load("ld", t3, t0, 8);
    a.i("addi", t0, t0, 16);
    a.branch("ltu", a0, t2, check!);
    a.branch("geu", a0, t3, check!);
    a.mv(a0, t3);
    a.jump(again!);
    a.bind(free!);
    a.li(t0, BigInt(PAGE));
    a.r("add", t0, t0, a0);
    a.storeTo("sd", t0, "boot.next", t1);
    a.ret();
  });
}
