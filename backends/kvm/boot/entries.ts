/** Ways in that hypervisors and boot loaders take beside PVH's: the multiboot2 header, and the entry of Linux's 64-bit boot protocol. */
import { Assembler, regs, type Section } from "#codegen";
import { protocols, STACK_SIZE, selectors } from "../../x86/boot/layout.ts";

const { rax, rbx, rsp, rbp, rsi } = regs;

/** Multiboot2 specification 3.1.1. */
const MULTIBOOT2_HEADER = 0xe852_50d6;

/** The multiboot2 header; must lie 8-aligned in the first 32 KiB of the file. */
export function multiboot2Header(): Section {
  const a = new Assembler(32);
  const length = 48;
  a.u32(MULTIBOOT2_HEADER);
  a.u32(0); // i386
  a.u32(length);
  a.u32(-(MULTIBOOT2_HEADER + length));
  a.u16(3); // entry address
  a.u16(1); // a loader that does not know the tag may ignore it
  a.u32(12);
  a.address("boot.entry32", "abs32");
  a.u32(0);
  a.u16(0); // the end
  a.u16(0);
  a.u32(8);
  a.u32(0);
  a.u32(0);
  return a.section("boot.multiboot2", "rx", 8);
}

/** Linux, Documentation/arch/x86/boot.rst, "64-bit Boot Protocol": long mode, rsi = boot_params. */
export function entryLinux(): Section {
  const a = new Assembler();
  a.symbol("boot.entry_linux");
  a.plain("cli");
  a.plain("cld");
  a.mov(8, rbx, rsi);
  a.movImm(rbp, BigInt(protocols.linux));
  a.system("lgdt", { symbol: "boot.gdtr" });
  a.movAddress(rsp, "boot.stack", STACK_SIZE);
  a.pushImm(selectors.code);
  a.movAddress(rax, "boot.long");
  a.push(rax);
  a.plain("lretq");
  return a.section("boot.entry_linux");
}
