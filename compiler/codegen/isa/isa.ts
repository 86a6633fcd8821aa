/** What an instruction set has to bring. Everything else of the code generator is the same for all; `isa/NAME/index.ts` has one object of this kind. */

import type { Holes } from "../object/link.ts";
import type { Section } from "../object/section.ts";
import type { Machine } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import type { Decode } from "./decoded.ts";

/** What compiling a function needs to know of its module. */
export interface ModuleFacts {
  /** Equal types have equal numbers; none is 0. */
  readonly typeNumber: (typeIndex: number) => number;
}

export interface Isa extends Machine {
  readonly name: string;
  /** How an i32 is held in a longer register, always. */
  readonly extension: "zero" | "sign";
  /** Has it instructions for floating point? Where not, a function that computes with floats is refused; one that only moves them is not. */
  readonly floats: boolean;
  /** How the linker fills its instructions, beyond plain addresses. */
  readonly holes: Holes;
  /** One optimized function: its code first, then its jump tables. Depends on nothing but its arguments. */
  compileFunction(func: Func, facts: ModuleFacts): readonly Section[];
  readonly routines: Routines;
  /** The instruction at a place, for people. */
  readonly decode: Decode;
  /** A function without parameters that ends at once, with this trap. */
  trapping(symbol: string, code: number): Section;
}

/**
 * What compiled code calls for whole blocks of memory and tables, each a section that defines the symbol of its name (`isa/symbols.ts`).
 * They follow the calling convention and check bounds before they touch anything.
 */
export interface Routines {
  memoryCopy(): Section;
  memoryFill(): Section;
  memoryInit(segment: number): Section;
  tableCopy(to: number, from: number): Section;
  tableInit(table: number, segment: number): Section;
  tableFill(table: number): Section;
  /** Beyond `most` entries it gives -1. */
  tableGrow(table: number, most: number): Section;
}
