/**
 * Linear memory and its guard. Pages that the image has in full are mapped from its file by the kernel, copied when they are written; what is
 * between and behind them is zero; the rest of the window may not be touched. A warm restart gives all of it back in one call.
 */
import { Assembler, dataSection, regs, type Section, symbols } from "#codegen";
import { PAGE, type Run } from "../../native/snapshot.ts";
import { MADV_DONTNEED, MAP_HERE, protection, systemCall } from "./kernel.ts";
import { WINDOW, WINDOW_SIZE } from "./layout.ts";
import { complain, reason, type Texts } from "./texts.ts";

const { rax, rbx, rdi, rsi, rdx } = regs;

/** What is to be mapped: address, bytes, access, 8 bytes each; an address of 0 ends it. `runs` are the pages that the file has. */
export function gapTable(runs: readonly Pick<Run, "first" | "end">[], memoryBytes: number): Section {
  const rows: bigint[] = [];
  const gap = (from: number, to: number) => {
    if (to > from) rows.push(WINDOW + BigInt(from), BigInt(to - from), BigInt(protection.write));
  };
  let at = 0;
  for (const { first, end } of runs) {
    gap(at, first * PAGE);
    at = end * PAGE;
  }
  gap(at, memoryBytes);
  rows.push(WINDOW + BigInt(memoryBytes), WINDOW_SIZE - BigInt(memoryBytes), BigInt(protection.none), 0n);
  const view = new DataView(new ArrayBuffer(8 * rows.length));
  rows.forEach((value, n) => {
    view.setBigUint64(8 * n, value, true);
  });
  return dataSection("image.gaps", "r", 8, new Uint8Array(view.buffer));
}

/** Once, at the start. */
export function mapMemory(texts: Texts): Section {
  const a = new Assembler();
  const [next, done, there] = [a.label(), a.label(), a.label()];
  a.symbol("boot.map");
  a.movAddress(rbx, "image.gaps");
  a.bind(next);
  a.mov(8, rdi, { base: rbx });
  a.test(8, rdi, rdi);
  a.jump(done, "e");
  a.mov(8, rsi, { base: rbx, disp: 8 });
  a.mov(8, rdx, { base: rbx, disp: 16 });
  systemCall(a, "mmap", "is there", "is there", "is there", MAP_HERE, -1n, 0);
  a.alu("cmp", 8, rax, { base: rbx });
  a.jump(there, "e");
  complain(a, texts, "trouble", "cannot have 8 GiB of addresses for its memory: ", reason);
  a.bind(there);
  a.alu("add", 8, rbx, { imm: 24 });
  a.jump(next);
  a.bind(done);
  systemCall(a, "mprotect", { address: "boot.guard" }, PAGE, protection.none);
  a.plain("ret");
  return a.section("boot.map");
}

/** What has been written to linear memory is forgotten. */
export function forget(a: Assembler, memoryBytes: number): void {
  systemCall(a, "madvise", WINDOW, BigInt(memoryBytes), MADV_DONTNEED);
}

/** `rt.memory_grow(delta) → size or -1`: what a program has is what it had when it was prepared. */
export function memoryGrow(): Section {
  const a = new Assembler();
  const none = a.label();
  a.symbol(symbols.memoryGrow);
  a.mov(4, rax, { symbol: symbols.memoryPages });
  a.test(4, rdi, rdi);
  a.jump(none, "e");
  a.movImm(rax, 0xffff_ffffn);
  a.bind(none);
  a.plain("ret");
  return a.section("boot.memory_grow");
}
