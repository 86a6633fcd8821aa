/** Bytes of code with labels, holes for the linker, and jumps that are as short as they can be. Knows no instruction set. */
import type { Access, Relocation, Section, SectionSymbol } from "../object/section.ts";

export type Label = { readonly id: number };

/** One way to write a jump. */
export interface JumpForm {
  /** Bytes. */
  readonly size: number;
  /** `distance`: from the first byte of the jump to its target. */
  fits(distance: number): boolean;
  /** `at` is the first byte; `to` has room for `size`. */
  write(to: DataView, at: number, distance: number): void;
}

interface Jump {
  /** Where it begins, in the bytes that have its shortest form. */
  readonly at: number;
  readonly label: number;
  /** Shortest first. */
  readonly forms: readonly JumpForm[];
  /** Which form it has. */
  form: number;
}

/** Jumps are as short as possible while code is written; `section` makes those longer that must be. */
export class CodeWriter {
  #bytes = new Uint8Array(256);
  #length = 0;
  readonly #labels: number[] = [];
  readonly #jumps: Jump[] = [];
  readonly #symbols: SectionSymbol[] = [];
  readonly #relocations: Relocation[] = [];
  readonly #lines: { readonly offset: number; readonly at: number }[] = [];
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

  /** The linker changes what is written next: by `kind`, so that it refers to `symbol`. */
  hole(symbol: string, kind: string, addend = 0): void {
    this.#relocations.push({ offset: this.#length, kind, symbol, addend });
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

  /** What is written next comes from `at`; 0 is unknown, and counts for what was before. */
  from(at: number): void {
    const last = this.#lines.at(-1);
    if (at === 0 || last?.at === at) return;
    if (last?.offset === this.#length) this.#lines.pop();
    this.#lines.push({ offset: this.#length, at });
  }

  get length(): number {
    return this.#length;
  }

  /** `forms`: shortest first. */
  protected jumpIn(forms: readonly JumpForm[], label: Label): void {
    this.#jumps.push({ at: this.#length, label: label.id, forms, form: 0 });
    this.byte(...new Array<number>(forms[0]!.size).fill(0));
  }

  // ---- the end

  /** The finished section. Jumps are longer only where they must be: the smallest fixed point from below. */
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
      ...(this.#lines.length > 0 && {
        lines: this.#lines.map(({ offset, at }) => ({ offset: move(offset), at })),
      }),
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
    const growth = ({ forms, form }: Jump) => forms[form]!.size - forms[0]!.size;
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
        while (!jump.forms[jump.form]!.fits(move(target) - move(jump.at))) {
          jump.form += 1;
          if (jump.form === jump.forms.length) throw new Error("BUG: a jump is too far");
          changed = true;
        }
      }
    }
    return { bytes: this.#expand(move), move };
  }

  #expand(move: (offset: number) => number): Uint8Array {
    const out = new Uint8Array(move(this.#length));
    const view = new DataView(out.buffer);
    let from = 0;
    for (const { at, label, forms, form } of this.#jumps) {
      out.set(this.#bytes.subarray(from, at), move(from));
      const to = move(at);
      forms[form]!.write(view, to, move(this.#labels[label]!) - to);
      from = at + forms[0]!.size;
    }
    out.set(this.#bytes.subarray(from, this.#length), move(from));
    return out;
  }
}
