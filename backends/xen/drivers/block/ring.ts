/** The ring of a block device (Xen, include/public/io/blkif.h), in one page or two, which need not lie together. What comes is read once. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { aligned, PAGE } from "../../../common/drivers/pages";
import { load64, physical, store64 } from "../hw";
import { HEADER, Indexes } from "../indexes";

/** Bytes of an entry, as x86-64 lays it out. */
const ENTRY: u32 = 112;
/** Entries are 2^n: as many as fit into one page behind the header, and twice as many into two. */
const IN_A_PAGE: u32 = 32;
export const MOST_PAGES: u32 = 2;

@final
export class Ring extends Indexes {
  /** Pages in use, and their physical addresses. */
  pages: u32 = 0;
  readonly places: StaticArray<u64> = new StaticArray<u64>(<i32>MOST_PAGES);
  private size: u32 = 0;
  private most: u32 = 0;
  private memory: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);

  /** In `prepare`: for so many requests. */
  reserve(requests: u32): void {
    this.most = requests > IN_A_PAGE ? MOST_PAGES : 1;
    this.memory = aligned(this.most * PAGE);
  }

  /** Empty, for a new other side, which takes 2^`order` pages at most. */
  open(order: u64): void {
    this.pages = order == 0 ? 1 : this.most;
    this.size = this.pages * IN_A_PAGE;
    for (let n: u32 = 0; n < this.pages; n++) {
      const place = physical(this.memory.pointer(n * PAGE, 1));
      this.places[<i32>n] = place;
      for (let at: u64 = 0; at < <u64>PAGE; at += 8) store64(place + at, 0);
    }
    this.begin(this.places[0]);
  }

  /** Is there a place for a request, and so for its answer? */
  get hasRoom(): bool {
    return this.produced - this.consumed < this.size;
  }

  /** Word `n`, of 64 bits, of the next request. */
  put(n: u32, value: u64): void {
    store64(this.place(this.produced, n), value);
  }

  /** The same of the next answer. */
  get(n: u32): u64 {
    return load64(this.place(this.consumed, n));
  }

  /** The answer was read. */
  take(): void {
    this.consumed += 1;
  }

  private place(entry: u32, word: u32): u64 {
    const at = HEADER + (entry & (this.size - 1)) * ENTRY + 8 * word;
    return this.places[<i32>(at / PAGE)] + <u64>(at % PAGE);
  }
}
