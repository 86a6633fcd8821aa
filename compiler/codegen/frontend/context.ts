import type { OptimizeContext } from "../ssa/context.ts";
import type { Module } from "../wasm/module.ts";
import { signaturesOf } from "./build.ts";
import { changesOf } from "./changes.ts";

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
  };
}
