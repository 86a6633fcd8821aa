import type { Machine, MemoryChecks, OptimizeContext } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import type { Module } from "../wasm/module.ts";
import { buildFunction, signaturesOf } from "./build.ts";
import { changesOf, growsMemory } from "./changes.ts";

function small(module: Module, callee: number, bytes: number): Func | undefined {
  const { code } = module.functions[callee]!;
  if (code === undefined || code.end - code.start > bytes) return undefined;
  return buildFunction(module, callee);
}

const PAGE = 65536;

/**
 * What the passes may know of a module: signatures, how great memory can get by its own declaration, and what calls can
 * change; and of the machine that it is for. A target adds what it knows: a lower `memoryLimit`.
 */
export function contextOf(module: Module, machine?: Machine): OptimizeContext {
  const pages = module.memories[0]?.limits.max;
  return {
    signatures: signaturesOf(module),
    ...(pages !== undefined && { memoryLimit: pages * PAGE }),
    changes: changesOf(module),
    build: (callee, bytes) => small(module, callee, bytes),
    ...(machine !== undefined && machineContext(machine)),
    ...(machine?.guarded === false && { checks: checksOf(module) }),
  };
}

/** What passes know of code that is of no module. */
export function machineContext({ word, operations, lacking }: Machine): OptimizeContext {
  return { word, machine: operations, lacking };
}

/** Sizes as the module declares them: it never has less memory, and has exactly so much if it must not grow. */
function checksOf(module: Module): MemoryChecks {
  const { min, max } = module.memories[0]?.limits ?? { min: 0, max: 0 };
  return { least: min * PAGE, exact: min === max, grows: growsMemory(module) };
}
