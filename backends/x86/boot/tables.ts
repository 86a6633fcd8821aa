/**
 * Page tables of the machine's own addresses: 4 GiB as they are, writable and never executable, except
 * - the image: code executable and not writable, constants neither, and no second way to either;
 * - the guard page under the stack, and page 0 once `boot.parse` has read what loaders leave there: absent;
 * - what is not RAM: uncached (`boot.parse` clears the mark for RAM).
 */
import { Assembler, regs, type Section } from "#codegen";
import { loop } from "./idioms.ts";
import { entry, PAGE, REGION } from "./layout.ts";

const { rax, rcx, rdx, rdi, r8 } = regs;
const LINK = Number(entry.present | entry.writable);

/**
 * Runs under the loader's tables or those of `boot.entry32`, which are the same pages: so every entry is written once, with a value under which
 * the code that runs stays executable. `regions`: how many times 2 MiB, from 0, hold something of the image; `hasDevices`: what is not known to be RAM
 * is uncached.
 */
export function tables(regions: number, hasDevices: boolean): Section {
  const a = new Assembler();
  a.symbol("boot.tables");
  a.movAddress(rdi, "boot.fine");
  a.movImm(r8, 0n);
  const data = entry.present | entry.writable | entry.noExecute;
  fill(a, "image.begin", data);
  fill(a, "link.rx.end", entry.present);
  fill(a, "link.r.end", entry.present | entry.noExecute);
  a.movImm(rcx, BigInt(regions * REGION));
  a.movImm(rdx, data);
  fillTo(a);
  a.movImm(rax, 0n);
  a.movAddress(rdi, "boot.guard");
  a.shift("shr", 4, rdi, 9);
  a.mov(8, { index: rdi, symbol: "boot.fine" }, rax);
  // Directories: regions of the image by the tables just made, the others in one piece.
  a.movAddress(rdi, "boot.directories");
  a.movAddress(rax, "boot.fine", LINK);
  put(a, regions, PAGE);
  a.movImm(rax, BigInt(regions * REGION) | data | entry.large | (hasDevices ? entry.device : 0n));
  put(a, 2048 - regions, REGION);
  a.movAddress(rdi, "boot.pointers");
  a.movAddress(rax, "boot.directories", LINK);
  put(a, 4, PAGE);
  for (const [place, table] of [
    [0, "boot.pointers"],
    [16, "boot.window"],
  ] as const) {
    a.movAddress(rax, table, LINK);
    a.mov(8, { symbol: "boot.root", disp: place }, rax);
  }
  a.symbol("boot.reload");
  a.movAddress(rax, "boot.root");
  a.writeControl(3, rax);
  a.plain("ret");
  return a.section("boot.tables");
}

function fill(a: Assembler, end: string, bits: bigint): void {
  a.movAddress(rcx, end);
  a.movImm(rdx, bits);
  fillTo(a);
}

/** Entries with the bits in rdx for the pages from r8 up to rcx, at rdi. */
function fillTo(a: Assembler): void {
  const again = a.here();
  const end = a.label();
  a.alu("cmp", 8, r8, rcx);
  a.jump(end, "ae");
  a.rm("lea", 8, rax, { base: r8, index: rdx });
  a.mov(8, { base: rdi }, rax);
  a.alu("add", 8, rdi, { imm: 8 });
  a.alu("add", 8, r8, { imm: PAGE });
  a.jump(again);
  a.bind(end);
}

/** `count` entries at rdi, the first is rax, each `step` more than the one before. */
function put(a: Assembler, count: number, step: number): void {
  loop(a, count, () => {
    a.mov(8, { base: rdi }, rax);
    a.alu("add", 8, rax, { imm: step });
    a.alu("add", 8, rdi, { imm: 8 });
  });
}
