/** Bytes that set-up leaves outside of linear memory, where nobody writes: `Bytes.left` of `stdlib/core/bytes.ts`. */

/** Addresses from here on are theirs: no image that has them has so much memory. `stdlib/core/constants.ts` says the same. */
export const LEFT = 0x8000_0000;
/** Each begins on a multiple of this, so that words can be copied. */
const ALIGN = 4;

export class Constants {
  readonly #pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  readonly #known = new Map<string, number>();
  #end = 0;

  /** Gives the address. The same bytes are there once. */
  add(bytes: Uint8Array): number {
    const key = Buffer.from(bytes).toString("latin1");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const at = this.#end;
    this.#end = Math.ceil((at + bytes.length) / ALIGN) * ALIGN;
    if (this.#end > LEFT) throw new Error("BUG: more constants than there are addresses");
    this.#pieces.push({ at, bytes: bytes.slice() });
    this.#known.set(key, LEFT + at);
    return LEFT + at;
  }

  all(): Uint8Array {
    const bytes = new Uint8Array(this.#end);
    for (const { at, bytes: piece } of this.#pieces) bytes.set(piece, at);
    return bytes;
  }
}
