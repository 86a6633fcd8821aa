/** RISC-V: what all boards with an operating system have, RV64GC, and RV32IMC for smaller ones. */
import type { Isa } from "../isa.ts";
import { Assembler } from "./assembler.ts";
import { decode } from "./decode.ts";
import { compileFunction } from "./function.ts";
import { riscvHoles } from "./holes.ts";
import { RiscvRoutines } from "./runtime.ts";

export const rv64: Isa = riscv(64);
/** Without floating point. */
export const rv32: Isa = riscv(32);

function riscv(xlen: 32 | 64): Isa {
  return {
    name: `rv${xlen}`,
    word: xlen === 64 ? 8 : 4,
    guarded: xlen === 64,
    extension: "sign",
    operations: new Set(),
    lacking: new Set(["clz", "ctz", "popcnt", "fceil", "ffloor", "ftrunc", "fnearest"]),
    floats: xlen === 64,
    holes: riscvHoles,
    compileFunction: (func, facts) => compileFunction(xlen, func, facts),
    routines: new RiscvRoutines(xlen),
    decode,
    trapping(symbol, code) {
      const a = new Assembler(xlen);
      a.symbol(symbol);
      a.trap(code);
      return a.section(symbol, "rx", 4);
    },
  };
}
