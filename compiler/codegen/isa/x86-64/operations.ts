/** What is known of SSA operations as far as this machine is concerned. */
import type { Op } from "../../ssa/ops.ts";

/** Bytes of an operand of this type. */
export const sizeOf = (type: string): 4 | 8 => (type === "i32" ? 4 : 8);

/** What has no instruction since the first of these machines: rounding came with SSE4.1, unsigned conversions with AVX-512. */
export const lackingOps: ReadonlySet<Op> = new Set<Op>([
  ...(["fceil", "ffloor", "ftrunc", "fnearest", "ftoi_u", "itof_u"] as const),
]);

/** What the passes may make for this machine beyond WebAssembly's operations. */
export const machineOps: ReadonlySet<Op> = new Set<Op>(["bswap", "bswap16"]);
