/**
 * The ways in: PVH and multiboot2 arrive in 32-bit mode without paging, Linux's 64-bit boot protocol in long mode with the loader's
 * tables. All meet at `boot.long` with the information's address in rbx and what kind it is in ebp.
 */
import { Assembler, regs, type Section } from "#codegen";
import { loop } from "./idioms.ts";
import { protocols, REGION, STACK_SIZE, selectors } from "./layout.ts";
import { field } from "./parse.ts";

const { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi } = regs;

/** Xen, include/public/arch-x86/hvm/start_info.h */
const PVH_MAGIC = 0x336e_c578;
/** Multiboot2 specification 3.5. */
const MULTIBOOT2_MAGIC = 0x36d7_6289;
const EFER = 0xc000_0080;

/** Code and data segments for the way in and for ever after. */
export function descriptorTable(): Section {
  const a = new Assembler();
  a.symbol("boot.gdt");
  a.u64(0n);
  a.u64(0x00af_9b00_0000_ffffn);
  a.u64(0x00cf_9300_0000_ffffn);
  a.symbol("boot.gdtr");
  a.u16(23);
  a.address("boot.gdt", "abs64");
  return a.section("boot.gdt", "rx", 8);
}

/** `firstPort`: of Platform. */
export function entry32(firstPort: number): Section {
  const a = new Assembler(32);
  a.symbol("boot.entry32");
  a.plain("cli");
  a.plain("cld");
  const known = a.label();
  a.mov(4, rbp, rax);
  a.alu("cmp", 4, rbp, { imm: MULTIBOOT2_MAGIC });
  a.movImm(rbp, BigInt(protocols.multiboot2));
  a.jump(known, "e");
  a.movImm(rbp, BigInt(protocols.pvh));
  a.alu("cmp", 4, { base: rbx }, { imm: PVH_MAGIC });
  a.jump(known, "e");
  a.movImm(rbp, 0n);
  a.bind(known);
  checkProcessor(a, firstPort);
  // One gigabyte, as it is, in pages of 2 MiB: until `boot.tables`. What is zero in these tables is so because bss is.
  a.movAddress(rdi, "boot.directories");
  a.movImm(rax, 0x83n);
  loop(a, 512, () => {
    a.mov(4, { base: rdi }, rax);
    a.alu("add", 4, rax, { imm: REGION });
    a.alu("add", 4, rdi, { imm: 8 });
  });
  link32(a, "boot.pointers", "boot.directories");
  link32(a, "boot.root", "boot.pointers");
  a.movAddress(rax, "boot.root");
  a.writeControl(3, rax);
  a.readControl(rax, 4);
  a.alu("or", 4, rax, { imm: 0x20 }); // PAE
  a.writeControl(4, rax);
  a.movImm(rcx, BigInt(EFER));
  a.plain("rdmsr");
  a.alu("or", 4, rax, { imm: 0x100 }); // LME
  a.plain("wrmsr");
  a.readControl(rax, 0);
  a.alu("or", 4, rax, { imm: -0x7fff_ffff }); // PG, PE
  a.writeControl(0, rax);
  a.system("lgdt", { symbol: "boot.gdtr" });
  a.jumpFar(selectors.code, "boot.long");
  return a.section("boot.entry32");
}

function link32(a: Assembler, table: string, next: string): void {
  a.movAddress(rax, next);
  a.alu("or", 4, rax, { imm: 3 });
  a.mov(4, { symbol: table }, rax);
}

/** Long mode and NX, or a message: nothing here works without. Keeps ebx. */
function checkProcessor(a: Assembler, port: number): void {
  const needed = (1 << 29) | (1 << 20);
  const fine = a.label();
  a.mov(4, rdi, rbx);
  a.movImm(rax, 0x8000_0001n);
  a.plain("cpuid");
  a.mov(4, rbx, rdi);
  a.alu("and", 4, rdx, { imm: needed });
  a.alu("cmp", 4, rdx, { imm: needed });
  a.jump(fine, "e");
  a.movAddress(rsi, "boot.text.processor");
  a.movImm(rdx, BigInt(port));
  const next = a.here();
  const end = a.label();
  a.mov(1, rax, { base: rsi });
  a.test(1, rax, rax);
  a.jump(end, "e");
  a.plain("out dx, al");
  a.alu("add", 4, rsi, { imm: 1 });
  a.jump(next);
  a.bind(end);
  a.plain("hlt");
  a.jump(end);
  a.bind(fine);
}

/** Long mode, whoever brought us here. */
export function long(): Section {
  const a = new Assembler();
  a.symbol("boot.long");
  a.movImm(rax, BigInt(selectors.data));
  for (const segment of [0, 2, 3, 4, 5]) a.movSegment(segment, rax);
  a.movAddress(rsp, "boot.stack", STACK_SIZE);
  a.plain("rdtsc");
  a.push(rax);
  a.push(rdx);
  a.movImm(rcx, BigInt(EFER));
  a.plain("rdmsr");
  a.alu("or", 4, rax, { imm: 0x800 }); // NXE
  a.plain("wrmsr");
  a.readControl(rax, 0);
  a.alu("and", 4, rax, { imm: ~0x6000_000c }); // CD, NW, TS, EM off
  a.alu("or", 4, rax, { imm: 0x1_0022 }); // WP, NE, MP
  a.writeControl(0, rax);
  // SMEP and SMAP are bits 7 and 20 of leaf 7, and bits 20 and 21 of CR4. No page here is a user's, so neither costs a thing.
  a.mov(8, rdi, rbx);
  a.movImm(rax, 7n);
  a.movImm(rcx, 0n);
  a.plain("cpuid");
  a.readControl(rax, 4);
  a.alu("or", 4, rax, { imm: 0x600 }); // OSFXSR, OSXMMEXCPT
  for (const [feature, control] of [
    [7, 20],
    [20, 21],
  ] as const) {
    const absent = a.label();
    a.bit("bt", 4, rbx, feature);
    a.jump(absent, "ae");
    a.bit("bts", 4, rax, control);
    a.bind(absent);
  }
  a.writeControl(4, rax);
  a.mov(8, rbx, rdi);
  a.call("boot.tables");
  a.call("boot.descriptors");
  a.call("boot.parse");
  a.pop(rdx);
  a.pop(rax);
  a.mov(4, field("entered"), rax);
  a.mov(4, { ...field("entered"), disp: field("entered").disp + 4 }, rdx);
  a.jumpSymbol("boot.run");
  return a.section("boot.long");
}
