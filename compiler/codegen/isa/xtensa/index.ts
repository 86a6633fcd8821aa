/** Xtensa LX6 as ESP32 has it, less its boolean registers and floating point. */
import type { Isa } from "../isa.ts";
import { trappingSection } from "../trapping.ts";
import { Assembler } from "./assembler.ts";
import { decode } from "./decode.ts";
import { compileFunction, type Variant } from "./function.ts";
import { xtensaHoles } from "./holes.ts";
import { routines } from "./runtime.ts";

/** What the cores have that run tests, too: de212 has no `muluh`. */
export const xtensa: Isa = xtensaWith("xtensa", { high: false });
/** With the option Mul32High. */
export const xtensaHigh: Isa = xtensaWith("xtensa-mulhigh", { high: true });

function xtensaWith(name: string, variant: Variant): Isa {
  return {
    name,
    word: 4,
    guarded: false,
    extension: "sign",
    floats: false,
    operations: new Set(["memory.bytes"]),
    lacking: new Set(["popcnt"]),
    holes: xtensaHoles,
    compileFunction: (func, facts) => compileFunction(variant, func, facts),
    routines,
    decode,
    trapping: (symbol, trap) => trappingSection(new Assembler(), { symbol, trap, align: 4 }),
  };
}
