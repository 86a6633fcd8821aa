/** Routines of SSA that compiled code calls (`ssa/routines.ts`), as machine code. */
import type { Section } from "../object/section.ts";
import { optimize } from "../passes/index.ts";
import { routine } from "../ssa/routines.ts";
import type { Isa, ModuleFacts } from "./isa.ts";

/** The section that defines the symbol; undefined if it is not one of these. */
export function routineSection(symbol: string, isa: Isa, facts: ModuleFacts): Section | undefined {
  const func = routine(symbol);
  if (func === undefined) return undefined;
  optimize(func, { word: isa.word, machine: isa.operations, lacking: isa.lacking });
  const [code, ...tables] = isa.compileFunction(func, facts);
  if (code === undefined || tables.length > 0) throw new Error(`BUG: ${symbol} is more than code`);
  return code;
}
