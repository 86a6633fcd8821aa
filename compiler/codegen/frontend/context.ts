import type { OptimizeContext } from "../ssa/context.ts";
import type { Func } from "../ssa/func.ts";
import { floatIn } from "../wasm/floats.ts";
import type { Module } from "../wasm/module.ts";
import { buildFunction, signaturesOf } from "./build.ts";
import { changesOf } from "./changes.ts";

function small(module: Module, callee: number, bytes: number): Func | undefined {
  const { code } = module.functions[callee]!;
  if (code === undefined || code.end - code.start > bytes || floatIn(module, callee) !== undefined)
    return undefined;
  return buildFunction(module, callee);
}

const PAGE = 65536;

/**
 * What the passes may know of a module: signatures, how great memory can get by its own declaration, and what calls can
 * change. A target adds what it knows: a lower `memoryLimit`, its `machine` operations.
 */
export function contextOf(module: Module): OptimizeContext {
  const pages = module.memories[0]?.limits.max;
  return {
    signatures: signaturesOf(module),
    ...(pages !== undefined && { memoryLimit: pages * PAGE }),
    changes: changesOf(module),
    build: (callee, bytes) => small(module, callee, bytes),
  };
}
