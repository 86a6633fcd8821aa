/**
 * The way in: Linux's header for RISC-V images, which U-Boot's `booti` and QEMU read, then the entry in supervisor mode: a0 is the number of the hardware
 * thread, a1 the physical address of the device tree. Addresses are physical here until the page tables are in force: all code finds its symbols by distance.
 */
import { RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { routine, storeField, wipe } from "./idioms.ts";
import { IMAGE_BASE, SV39, TEXT_OFFSET, WAKING } from "./layout.ts";

const { zero, sp, s0, s1, s2, t0, t1, a0, a1 } = riscvRegs;

/** Where the header has the size of the image in memory: the image writer knows it last. */
export const IMAGE_SIZE_AT = 16;
/** `sstatus`: the floating-point unit may be used; interrupts are off for ever. */
const FLOATING = 1 << 13;

/** Linux, Documentation/arch/riscv/boot-image-header.rst */
export function header(): Section {
  const a = new RiscvAssembler(64);
  a.symbol("image.begin");
  a.tail("boot.entry");
  a.u32(0x13); // nop
  a.u64(BigInt(TEXT_OFFSET));
  a.u64(0n); // IMAGE_SIZE_AT
  a.u64(0n); // little-endian
  a.u32(2); // version 0.2
  a.u32(0);
  a.u64(0n);
  a.u64(0x5643_5349_52n); // "RISCV"
  a.u32(0x0543_5352); // "RSC\x05"
  a.u32(0);
  return a.section("boot.header", "rx", 8);
}

export function entryPoint(): Section {
  return routine(64, "boot.entry", (a) => {
    a.csr("csrrw", zero, "sie", zero);
    a.csr("csrrw", zero, "satp", zero);
    a.li(t0, 2n);
    a.csr("csrrc", zero, "sstatus", t0);
    a.li(t0, BigInt(FLOATING));
    a.csr("csrrs", zero, "sstatus", t0);
    a.csr("csrrs", s2, "time", zero);
    a.mv(s0, a0);
    a.mv(s1, a1);
    // A loader that knows only the file's bytes has left anything behind them.
    a.la(t0, "link.rw.start");
    a.la(t1, "link.rw.end");
    wipe(a, t0, t1);
    a.la(sp, "boot.stack.end");
    a.la(t0, "image.begin");
    a.li(t1, BigInt(IMAGE_BASE));
    a.r("sub", t0, t0, t1);
    a.storeTo("sd", t0, "boot.slide", t1);
    a.call("boot.tables");
    // What the tables do not have is the next instruction: the fault for it goes to its virtual address.
    a.la(t0, "boot.virtual");
    a.loadFrom("ld", t1, "boot.slide");
    a.r("sub", t0, t0, t1);
    a.csr("csrrw", zero, "stvec", t0);
    a.la(t0, "boot.root");
    a.shift("srli", t0, t0, 12);
    a.li(t1, SV39);
    a.r("or", t0, t0, t1);
    a.plain("sfence.vma");
    a.csr("csrrw", zero, "satp", t0);
    a.trap(0);
  });
}

/** The first instruction that runs where it is linked. s0: hardware thread, s1: device tree, s2: time of the entry. */
export function virtual(): Section {
  return routine(64, "boot.virtual", (a) => {
    a.plain("sfence.vma");
    a.la(sp, "boot.stack.end");
    takeOver(a);
    a.call("boot.parse");
    a.tail("boot.run");
  });
}

/** Code is where it is linked: faults are answered from here on, `wfi` wakes, and what the entry was given is kept in the boot record. */
export function takeOver(a: RiscvAssembler): void {
  a.la(t0, "boot.fault_entry");
  a.csr("csrrw", zero, "stvec", t0);
  a.la(t0, "boot.fault_stack.end");
  a.csr("csrrw", zero, "sscratch", t0);
  a.li(t0, BigInt(WAKING));
  a.csr("csrrw", zero, "sie", t0);
  storeField(a, s0, "hart", t0);
  storeField(a, s1, "tree", t0);
  storeField(a, s2, "entered", t0);
}
