/** Bytes of x86 code with labels, holes for the linker, and jumps that are as short as they can be. */
import type { Access, Relocation, RelocationKind, Section, SectionSymbol } from "../../object/section.ts";
import { type Condition, conditions } from "./regs.ts";

export type Label = { readonly id: number };

interface Jump {
  /** Where the short form begins. */
  readonly at: number;
  readonly label: number;
  /** `jmp`: undefined. */
  readonly condition: Condition | undefined;
  near: boolean;
}

export const fitsByte = (value: number): boolean => value >= -128 && value <= 127;

/** Bytes with labels and relocations. Jumps are long while code is written; `section` makes those short that can be. */
export class CodeWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  readonly #labels: number[] = [];
  readonly #jumps: Jump[] = [];
  readonly #symbols: SectionSymbol[] = [];
  readonly #relocations: Relocation[] = [];
  #result: { bytes: Uint8Array; move: (offset: number) => number } | undefined;

  // ---- data

  byte(...values: readonly number[]): void {
    while (this.#length + values.length > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (const value of values) this.#bytes[this.#length++] = value;
  }

  u16(value: number): void {
    this.byte(value & 255, (value >>> 8) & 255);
  }

  u32(value: number): void {
    this.u16(value & 0xffff);
    this.u16((value >>> 16) & 0xffff);
  }

  u64(value: bigint): void {
    this.u32(Number(BigInt.asIntN(32, value)));
    this.u32(Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** A hole for the address of `symbol`. */
  address(symbol: string, kind: RelocationKind, addend = 0): void {
    this.#relocations.push({ offset: this.#length, kind, symbol, addend });
    if (kind === "abs64") this.u64(0n);
    else this.u32(0);
  }

  /** Fills with `fill` up to a multiple of `to`. Not after a jump whose length may change: data sections only. */
  align(to: number, fill = 0): void {
    while (this.#length % to !== 0) this.byte(fill);
  }

  // ---- places

  label(): Label {
    this.#labels.push(-1);
    return { id: this.#labels.length - 1 };
  }

  bind(label: Label): void {
    this.#labels[label.id] = this.#length;
  }

  here(): Label {
    const label = this.label();
    this.bind(label);
    return label;
  }

  /** Defines a symbol that other sections see. */
  symbol(name: string): void {
    this.#symbols.push({ name, offset: this.#length });
  }

  get length(): number {
    return this.#length;
  }

  jump(label: Label, condition?: Condition): void {
    this.#jumps.push({ at: this.#length, label: label.id, condition, near: false });
    this.byte(0, 0);
  }

  // ---- the end

  /** The finished section. Jumps are made near only where they must be: the smallest fixed point from below. */
  section(name: string, access: Access = "rx", align = 16): Section {
    const { bytes, move } = this.#finished();
    return {
      name,
      access,
      align,
      bytes,
      size: bytes.length,
      symbols: this.#symbols.map((symbol) => ({ name: symbol.name, offset: move(symbol.offset) })),
      relocations: this.#relocations.map((relocation) => ({
        ...relocation,
        offset: move(relocation.offset),
      })),
    };
  }

  /** Offset of a label in the finished section. */
  offsetOf(label: Label): number {
    return this.#finished().move(this.#labels[label.id]!);
  }

  /** Nothing may be written after the first look at the result. */
  #finished(): { bytes: Uint8Array; move: (offset: number) => number } {
    this.#result ??= this.#relax();
    return this.#result;
  }

  #relax(): { bytes: Uint8Array; move: (offset: number) => number } {
    const jumps = this.#jumps;
    const growth = ({ near, condition }: Jump) => (near ? (condition === undefined ? 3 : 4) : 0);
    const sums = new Int32Array(jumps.length + 1);
    // Growth of all jumps that begin before `offset`.
    const move = (offset: number): number => {
      let low = 0;
      let high = jumps.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (jumps[middle]!.at < offset) low = middle + 1;
        else high = middle;
      }
      return offset + sums[low]!;
    };
    for (let changed = true; changed; ) {
      changed = false;
      jumps.forEach((jump, n) => {
        sums[n + 1] = sums[n]! + growth(jump);
      });
      for (const jump of jumps) {
        const target = this.#labels[jump.label]!;
        if (target < 0) throw new Error("BUG: jump to a label that is not bound");
        if (jump.near || fitsByte(move(target) - move(jump.at) - 2)) continue;
        jump.near = true;
        changed = true;
      }
    }
    return { bytes: this.#expand(move), move };
  }

  #expand(move: (offset: number) => number): Uint8Array {
    const out = new Uint8Array(move(this.#length));
    let from = 0;
    for (const { at, label, condition, near } of this.#jumps) {
      out.set(this.#bytes.subarray(from, at), move(from));
      const to = move(at);
      const target = move(this.#labels[label]!);
      if (!near) {
        out[to] = condition === undefined ? 0xeb : 0x70 + conditions[condition];
        out[to + 1] = (target - to - 2) & 255;
      } else {
        const code = condition === undefined ? [0xe9] : [0x0f, 0x80 + conditions[condition]];
        out.set(code, to);
        new DataView(out.buffer).setInt32(to + code.length, target - to - code.length - 4, true);
      }
      from = at + 2;
    }
    out.set(this.#bytes.subarray(from, this.#length), move(from));
    return out;
  }
}
