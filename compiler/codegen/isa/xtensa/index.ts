/** Xtensa LX6 as ESP32 has it, less its `muluh`, boolean registers and floating point, which no other core has that runs tests. */
import type { Isa } from "../isa.ts";
import { trappingSection } from "../trapping.ts";
import { Assembler } from "./assembler.ts";
import { decode } from "./decode.ts";
import { compileFunction } from "./function.ts";
import { xtensaHoles } from "./holes.ts";
import { routines } from "./runtime.ts";

export const xtensa: Isa = {
  name: "xtensa",
  word: 4,
  guarded: false,
  extension: "sign",
  floats: false,
  operations: new Set(["memory.bytes"]),
  lacking: new Set(["popcnt"]),
  holes: xtensaHoles,
  compileFunction,
  routines,
  decode,
  trapping: (symbol, trap) => trappingSection(new Assembler(), { symbol, trap, align: 4 }),
};
