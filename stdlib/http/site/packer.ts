/** How files become smaller, while the image is built. */
import { Bytes } from "../../core/bytes";
import { compressed } from "../../core/compressed/index";
import { Sums, sumsOf } from "../../core/sums";
import { DirFile } from "../../core/values";
import { Coding, Variant } from "../response/resource";
import { isPackable } from "./media";

/** A form with a coding has to be that much smaller than the file: the head grows a little by it, and the image has it in memory. */
const LEAST: u32 = 64;

/** A body, and what is known of its checksum. */
@final
export class Packed {
  bytes: Bytes;
  sums: Sums | null;

  constructor(bytes: Bytes) {
    this.bytes = bytes.left();
    this.sums = sumsOf(bytes, this.bytes);
  }
}

@final
export class Packer {
  /** File → its bodies by coding; a file is packed once, however many paths lead to it. */
  private known: Map<i32, StaticArray<Packed | null>> = new Map<i32, StaticArray<Packed | null>>();

  private variants: Map<string, Variant> = new Map<string, Variant>();

  constructor(
    private hasBr: bool,
    private hasGzip: bool,
  ) {}

  /** The one that was made before of this file with this head, as when several paths lead to it; else `variant`. */
  same(variant: Variant, file: DirFile, head: string): Variant {
    const key = `${file.file.index} ${variant.coding} ${head}`;
    if (this.variants.has(key)) return this.variants.get(key);
    this.variants.set(key, variant);
    return variant;
  }

  /** The bodies of a file by coding. */
  bodies(file: DirFile): StaticArray<Packed | null> {
    const index = file.file.index;
    if (this.known.has(index)) return this.known.get(index);
    const bodies = new StaticArray<Packed | null>(<i32>Coding.count);
    const plain = file.file.bytes;
    bodies[<i32>Coding.identity] = new Packed(new Bytes(plain, 0, <u32>plain.length));
    if (isPackable(file.media)) {
      if (this.hasBr) bodies[<i32>Coding.br] = packed(index, "br", <u32>plain.length);
      if (this.hasGzip) bodies[<i32>Coding.gzip] = packed(index, "gzip", <u32>plain.length);
    }
    this.known.set(index, bodies);
    return bodies;
  }
}

function packed(index: i32, coding: string, length: u32): Packed | null {
  const bytes = compressed(index, coding);
  const size = <u32>bytes.length;
  return size + LEAST > length ? null : new Packed(new Bytes(bytes, 0, size));
}
