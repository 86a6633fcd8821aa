/** The instruction set of PCs and servers: everything since the first processors with 64 bits, and nothing newer. */

import type { Isa } from "../isa.ts";
import { trappingSection } from "../trapping.ts";
import { Assembler } from "./assembler.ts";
import { decode } from "./decode.ts";
import { compileFunction } from "./function.ts";
import { lackingOps, machineOps } from "./operations.ts";
import * as routines from "./runtime.ts";

export const x86_64: Isa = {
  name: "x86-64",
  word: 8,
  guarded: true,
  extension: "zero",
  operations: machineOps,
  lacking: lackingOps,
  floats: true,
  holes: {},
  compileFunction,
  routines,
  decode,
  trapping: (symbol, trap) => trappingSection(new Assembler(), { symbol, trap, align: 16 }),
};
