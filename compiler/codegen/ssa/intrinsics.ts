import { effect } from "./ops.ts";
import type { Type } from "./types.ts";

/** An import that the code generator replaces by instructions. */
export interface Intrinsic {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
  /** Flags of `effect`. */
  readonly effects: number;
}

const { device, none, readsMemory, writesMemory } = effect;
// A device may read and write the memory that it was told of, so no access to memory moves across an access to a device.
const outside = device | readsMemory | writesMemory;
const io = (params: readonly Type[], results: readonly Type[]): Intrinsic => ({
  params,
  results,
  effects: outside,
});

/** Marks the function that calls it. */
export const SECRET = "math.secret";

/** Every intrinsic, by "MODULE.NAME" of its import: docs/architecture.md section 4. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  "hw.in8": io(["i32"], ["i32"]),
  "hw.in16": io(["i32"], ["i32"]),
  "hw.in32": io(["i32"], ["i32"]),
  "hw.out8": io(["i32", "i32"], []),
  "hw.out16": io(["i32", "i32"], []),
  "hw.out32": io(["i32", "i32"], []),
  "hw.load8": io(["i64"], ["i32"]),
  "hw.load16": io(["i64"], ["i32"]),
  "hw.load32": io(["i64"], ["i32"]),
  "hw.load64": io(["i64"], ["i64"]),
  "hw.store8": io(["i64", "i32"], []),
  "hw.store16": io(["i64", "i32"], []),
  "hw.store32": io(["i64", "i32"], []),
  "hw.store64": io(["i64", "i64"], []),
  "hw.fence": io([], []),
  "hw.rdtsc": { params: [], results: ["i64"], effects: device },
  "hw.rdtime": { params: [], results: ["i64"], effects: device },
  "hw.rdmsr": io(["i32"], ["i64"]),
  "hw.wrmsr": io(["i32", "i64"], []),
  "hw.cpuid": { params: ["i32", "i32", "i32"], results: ["i32"], effects: device },
  "hw.rdrand": { params: [], results: ["i64"], effects: device },
  "hw.pause": io([], []),
  "hw.wait": io([], []),
  /** Does nothing; the function that has it is secret (`secrets/`). It stays where it is put. */
  [SECRET]: { params: [], results: [], effects: device },
  "math.mul64hi": { params: ["i64", "i64"], results: ["i64"], effects: none },
};
