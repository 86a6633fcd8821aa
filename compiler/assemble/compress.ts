/** Files in fewer bytes, for set-up that asks for them. The same bytes everywhere: neither Node's zlib nor its version has a part in them. */
import { gzipSync } from "fflate";

/** Content codings of RFC 9110 8.4.1. */
export type Coding = "br" | "gzip";

/** As small as the coding gets. */
export async function compress(bytes: Uint8Array, coding: Coding): Promise<Uint8Array> {
  // RFC 1952 2.3.1: no time, no name.
  if (coding === "gzip") return gzipSync(bytes, { level: 9, mtime: 0 });
  const { compress: brotli } = await import("brotli/compress");
  const packed = bytes.length === 0 ? null : await brotli(bytes, { quality: 11 });
  return packed ?? bytes;
}

/**
 * What one build has compressed. Set-up cannot wait, so a file that it asks for the first time is given as it is, and set-up runs
 * again when it has been compressed: it must not take what has not become smaller for anything but that.
 */
export class Compressed {
  readonly #known = new Map<Uint8Array, Map<Coding, Uint8Array>>();
  #open: (readonly [bytes: Uint8Array, coding: Coding])[] = [];

  get isComplete(): boolean {
    return this.#open.length === 0;
  }

  of(bytes: Uint8Array, coding: Coding): Uint8Array {
    const known = this.#known.get(bytes)?.get(coding);
    if (known === undefined) this.#open.push([bytes, coding]);
    return known ?? bytes;
  }

  async settle(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    for (const [bytes, coding] of open) {
      const forms = this.#known.get(bytes) ?? new Map<Coding, Uint8Array>();
      this.#known.set(bytes, forms);
      if (!forms.has(coding)) forms.set(coding, await compress(bytes, coding));
    }
  }
}
