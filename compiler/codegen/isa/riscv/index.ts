/** RISC-V: what all boards with an operating system have, RV64GC, and RV32IMC for smaller ones. */
import type { Op } from "../../ssa/ops.ts";
import type { Isa } from "../isa.ts";
import { trappingSection } from "../trapping.ts";
import { Assembler } from "./assembler.ts";
import { decode } from "./decode.ts";
import { compileFunction, type Variant } from "./function.ts";
import { riscvHoles } from "./holes.ts";
import { RiscvRoutines } from "./runtime.ts";

const rounding: readonly Op[] = ["fceil", "ffloor", "ftrunc", "fnearest"];

export const rv64: Isa = riscv("rv64", { xlen: 64, bits: false });
/** With the extensions Zba and Zbb, which processors since about 2020 have. */
export const rv64b: Isa = riscv("rv64b", { xlen: 64, bits: true });
/** Without floating point. */
export const rv32: Isa = riscv("rv32", { xlen: 32, bits: false });

function riscv(name: string, variant: Variant): Isa {
  const { xlen, bits } = variant;
  return {
    name,
    word: xlen === 64 ? 8 : 4,
    guarded: xlen === 64,
    extension: "sign",
    operations: new Set<Op>([
      ...(bits ? (["bswap", "bswap16"] as const) : []),
      ...(xlen === 32 ? (["memory.bytes"] as const) : []),
    ]),
    lacking: new Set<Op>(bits ? rounding : ["clz", "ctz", "popcnt", ...rounding]),
    floats: xlen === 64,
    holes: riscvHoles,
    compileFunction: (func, facts) => compileFunction(variant, func, facts),
    routines: new RiscvRoutines(xlen),
    decode,
    trapping: (symbol, trap) => trappingSection(new Assembler(xlen), { symbol, trap, align: 4 }),
  };
}
