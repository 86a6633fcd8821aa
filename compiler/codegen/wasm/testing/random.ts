/** Numbers that look random and are the same for the same seed. */
import type { Type } from "./encode.ts";
import { fromJs, toJs } from "./js-values.ts";

/** A stream of numbers from a seed (Mulberry32). */
export class Random {
  #state: number;
  /** Are there floats among the types? */
  readonly floats: boolean;
  constructor(seed: number, floats = false) {
    this.#state = seed >>> 0;
    this.floats = floats;
  }
  /** 32 bits, unsigned. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }
  below(n: number): number {
    return this.bits() % n;
  }
  chance(one: number, of: number): boolean {
    return this.below(of) < one;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
  type(): Type {
    if (this.floats && this.chance(1, 2)) return this.chance(1, 2) ? "f32" : "f64";
    return this.chance(1, 2) ? "i32" : "i64";
  }
  /** A number of this type, as its bits, that is likely to be a special case; a float that is a number. */
  value(type: Type): bigint {
    if (type === "f32" || type === "f64") return this.#float(type);
    const bits = type === "i32" ? 32 : 64;
    const special = [
      0n,
      1n,
      -1n,
      2n,
      7n,
      8n,
      31n,
      32n,
      63n,
      64n,
      255n,
      256n,
      65535n,
      65536n,
      0x7fffffffn,
      -0x80000000n,
    ];
    const wide = [0xffffffffn, 0x100000000n, 1n << 62n, -(1n << 63n), (1n << 63n) - 1n, -0x80000001n];
    const any = (BigInt(this.bits()) << 32n) | BigInt(this.bits());
    const value = this.chance(2, 3) ? this.pick(type === "i64" ? [...special, ...wide] : special) : any;
    return BigInt.asIntN(bits, value);
  }

  #float(type: "f32" | "f64"): bigint {
    if (this.chance(2, 3)) return fromJs(type, this.pick(specialFloats) * (this.chance(1, 2) ? 1 : -1));
    const any = (BigInt(this.bits()) << 32n) | BigInt(this.bits());
    const bits = type === "f32" ? BigInt.asIntN(32, any) : BigInt.asIntN(64, any);
    return Number.isNaN(toJs(type, bits)) ? 0n : bits;
  }
}

/** Small ones, ends of integers, where places behind the point end, and those of the format itself. */
const specialFloats = [
  ...[0, 0.1, 0.5, 1, 1.5, 2.5, 3, 7.25, 1e10, 1e-10],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32 - 0.5, 2 ** 32, 2 ** 63 - 1024, 2 ** 63, 2 ** 64 - 2048, 2 ** 64],
  ...[2 ** 22 + 0.5, 2 ** 23 - 0.5, 2 ** 23, 2 ** 51 + 0.5, 2 ** 52 - 0.5, 2 ** 52, 2 ** 53],
  ...[2 ** -149, 2 ** -126, 2 ** -1022, 5e-324, 3.4028234663852886e38, 1.7976931348623157e308, 1 / 0],
];
