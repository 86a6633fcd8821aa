/** Numbers that look random and are the same for the same seed. */
import type { Type } from "./encode.ts";

/** A stream of numbers from a seed (Mulberry32). */
export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
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
    return this.chance(1, 2) ? "i32" : "i64";
  }
  /** A number of this type that is likely to be a special case. */
  value(type: Type): bigint {
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
}
