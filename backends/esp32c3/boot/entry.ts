/** The way in, and what the processor does when something is wrong or somebody wants something: in machine mode, which is all that is used. */
import { RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { uartKinds } from "../../esp32/boot/layout.ts";
import { places } from "../../esp32/image/format.ts";
import { routine, wipe } from "../../riscv/boot/idioms.ts";
import {
  firstPage,
  hardwareAddress,
  interrupts,
  network,
  ram,
  resetState,
  timer,
  uart,
  windows,
} from "./chip.ts";
import { set, storeField, word } from "./idioms.ts";

const { a0, sp, t0, t1, t2, zero } = riscvRegs;

/** Of `mstatus`. */
export const status = { enabled: 1 << 3, before: 1 << 7 } as const;
/** The processor has a table of jumps and nothing else (`mtvec`). */
const VECTORED = 1;
const VECTORS = 32;
export const VECTORS_ALIGN = 256;
/** Of an entry of physical memory protection (RISC-V Privileged Architecture 20211203, 3.7.1). */
const pmp = { read: 1 << 0, write: 1 << 1, powerOfTwo: 3 << 3, locked: 1 << 7 } as const;
/** The first of them is always zero. */
export const REGISTERS = 32;
/** Below the stack: nobody may touch it, not even we (physical memory protection, an entry that is locked). */
export const GUARD = 64;

/** Where the loader goes (`../image/loader.ts`). Nothing of it is used. */
export function entry(): Section {
  return routine(32, "boot.entry", (a) => {
    a.la(t0, "boot.vectors");
    a.i("ori", t0, t0, VECTORED);
    a.csr("csrrw", zero, "mtvec", t0);
    a.la(t0, "link.rw.start");
    a.la(t1, "boot.linear");
    wipe(a, t0, t1);
    a.la(sp, "boot.stack.end");
    protect(a);
    for (const { source, line } of [interrupts.ethernet, interrupts.timer]) {
      // Before a device can have a line up.
      set(a, interrupts.base + 4 * source, line);
      set(a, interrupts.base + interrupts.priority + 4 * line, 1);
    }
    set(a, interrupts.base + interrupts.threshold, 1);
    set(a, timer.base + timer.control, timer.running);
    set(a, timer.base + timer.enabled, 1);
    for (const [field, value] of [
      ["hertz", timer.hertz],
      ["uart", uart.base],
      ["uartKind", uartKinds.esp32],
      ["network", network],
      ["networkInterrupt", interrupts.ethernet.line],
      ["hardwareAddress", hardwareAddress],
      ["resetCause", resetState],
      ["values", firstPage + places.values],
    ] as const) {
      a.li(t0, word(value));
      storeField(a, t0, field, t1);
    }
    a.tail("boot.run");
  });
}

/**
 * Until the next reset not even we may: touch what lies below the stack, execute RAM, which cannot be reached through its addresses as instructions either, or execute constants. The
 * first entry that an address is in counts.
 */
function protect(a: RiscvAssembler): void {
  const nothing = pmp.powerOfTwo | pmp.locked;
  const data = nothing | pmp.read | pmp.write;
  const entries: readonly (readonly [from: number, size: number, rights: number])[] = [
    [ram.data, GUARD, nothing],
    [ram.code, 0x8_0000, nothing],
    [windows.data, 0x400_0000, data],
  ];
  entries.forEach(([from, size], n) => {
    a.li(t0, word((from | (size / 2 - 1)) >>> 2));
    a.csr("csrrw", zero, (["pmpaddr0", "pmpaddr1", "pmpaddr2"] as const)[n]!, t0);
  });
  a.li(t0, word(entries.reduce((all, [, , rights], n) => all | (rights << (8 * n)), 0)));
  a.csr("csrrw", zero, "pmpcfg0", t0);
}

/** `mtvec`: as many jumps to what stands behind them. An interrupt only ends `hw.sleep`; anything else is the program's mistake, or ours. */
export function vectors(): Section {
  const a = new RiscvAssembler(32);
  a.symbol("boot.vectors");
  for (let n = 0; n < VECTORS; n++) a.u32(jal(4 * (VECTORS - n)));
  const [woken, ours] = [a.label(), a.label()];
  a.csr("csrrw", zero, "mscratch", t1);
  a.csr("csrrs", t1, "mcause", zero);
  a.branch("lt", t1, zero, woken);
  keepRegisters(a);
  a.csr("csrrs", t1, "mcause", zero);
  a.la(sp, "boot.fault_stack.end");
  a.csr("csrrs", t0, "mepc", zero);
  a.la(t2, "image.compiled");
  a.r("sub", t0, t0, t2);
  a.csr("csrrs", a0, "mtval", zero);
  a.la(sp, "image.compiled_end");
  a.r("sub", sp, sp, t2);
  a.branch("ltu", t0, sp, ours);
  a.tail("boot.fatal");
  a.bind(ours);
  a.tail("boot.trap");
  a.bind(woken);
  a.la(t0, "boot.awake");
  a.csr("csrrw", zero, "mepc", t0);
  a.li(t0, BigInt(status.before));
  a.csr("csrrc", zero, "mstatus", t0);
  a.plain("mret");
  return a.section("boot.vectors", "rx", VECTORS_ALIGN);
}

/** All but the first, for `boot.dump`; t1 is in `mscratch`. */
function keepRegisters(a: RiscvAssembler): void {
  a.la(t1, "boot.frame");
  for (let reg = 1; reg < REGISTERS; reg++)
    if (reg !== t1) a.store("sw", reg as riscvRegs.Reg, t1, 4 * (reg - 1));
  a.csr("csrrs", t0, "mscratch", zero);
  a.store("sw", t0, t1, 4 * (t1 - 1));
}

/** `jal x0, distance` (RISC-V Unprivileged ISA, 2.5), forward and less than 2 KiB: four bytes always. */
const jal = (distance: number): number => ((distance >> 1) << 21) | 0x6f;
