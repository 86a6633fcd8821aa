import type { Func } from "../ssa/func.ts";
import { floatOps } from "../ssa/ops.ts";
import { UnsupportedError } from "../wasm/error.ts";
import { readInstruction } from "../wasm/instructions.ts";
import type { Module } from "../wasm/module.ts";
import { Reader } from "../wasm/reader.ts";

/**
 * Throws UnsupportedError, naming the instruction, if a function computes with floats. `func` is as it was built: what is inlined into it is asked for
 * itself. Loads, stores and moves of floats are those of integers, and so are changes of sign.
 */
export function refuseFloats(module: Module, { name, blocks }: Func, machine: string): void {
  for (const { insts } of blocks)
    for (const { op, at } of insts) {
      if (!floatOps.has(op)) continue;
      const { opcode } = readInstruction(new Reader(module.bytes, at));
      throw new UnsupportedError(
        `function ${name} needs floating point (${opcode.name} at offset ${at}), which ${machine} has not`,
      );
    }
}
