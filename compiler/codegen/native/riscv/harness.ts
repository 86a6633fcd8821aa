/**
 * A Linux process around compiled code, for tests: it makes the guard window and a guarded stack, calls functions as `protocol.ts` says, and
 * turns faults into trap codes. System call numbers and structures: Linux, RISC-V (asm-generic).
 */
import { resultRegisters } from "../../isa/riscv/abi.ts";
import { Assembler } from "../../isa/riscv/assembler.ts";
import { dataSection, type Section, zeroSection } from "../../object/section.ts";
import { ENTRY, type HarnessOptions } from "../machine.ts";
import { ANSWER_BYTES, COMMAND_BYTES, MOST_VALUES } from "../protocol.ts";
import { loop } from "./commands.ts";
import { handler } from "./faults.ts";
import { Ground, growMemory, prepare, SIGNAL_STACK } from "./process.ts";

/** Sections that, linked with those of a module, are a program. */
export function harnessSections(xlen: 32 | 64, options: HarnessOptions): Section[] {
  const word = (value: number) => new Uint8Array(Uint32Array.of(value, 0).buffer);
  return [
    code(new Ground(xlen, options)),
    dataSection("rt.memory_pages", "rw", 8, word(options.pages)),
    dataSection("rt.memory_bytes", "rw", 8, word(options.pages * 65_536)),
    ...["native.base", "native.stack", "native.saved"].map((name) => zeroSection(name, 8, 8)),
    zeroSection("native.command", 16, COMMAND_BYTES),
    zeroSection("native.args", 16, 8 * MOST_VALUES),
    zeroSection("native.answer", 16, ANSWER_BYTES + 8 * MOST_VALUES),
    zeroSection("native.signal_stack", 16, SIGNAL_STACK),
  ];
}

/** A function of the platform that does nothing. */
export function emptyFunction(xlen: 32 | 64, name: string): Section {
  const a = new Assembler(xlen);
  a.symbol(name);
  for (const reg of resultRegisters[xlen]) a.li(reg, 0n);
  a.ret();
  return a.section(name, "rx", 4);
}

function code(g: Ground): Section {
  g.a.symbol(ENTRY);
  prepare(g);
  loop(g);
  growMemory(g);
  handler(g);
  return g.a.section("native", "rx", 4);
}
