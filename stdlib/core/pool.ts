/**
 * Objects of one kind, each made when it is first wanted: the image has one of them, and room for the others that is empty and so takes no
 * bytes of it. Nothing is allocated: room for all is there from the beginning, and what was made goes to a list of its owner's when it is no longer used.
 */

/** Before the fields of an object: AssemblyScript, std/assembly/rt/common.ts. What is the collector's stays zero, as it is of static objects; then kind and size. */
const HEAD: usize = 20;
const KIND: usize = 8;
const SIZE: usize = 4;

@final
export class Pool<T> {
  private made: u32 = 0;
  /** From one object to the next: the payload of each lies at a multiple of 16. */
  private step: u32;
  private room: StaticArray<u8>;

  /** In `prepare`. What the model refers to, all of its copies refer to. */
  constructor(
    public model: T,
    private count: u32,
  ) {
    const step = (<u32>HEAD + sizeOf<T>(model) + 15) & ~15;
    this.step = step;
    this.room = new StaticArray<u8>(<i32>(count * step + 16));
  }

  /** Nobody has one any more. */
  reset(): void {
    this.made = 0;
  }

  /** One that nobody has had; null when all were made. */
  next(): T | null {
    if (this.made == this.count) return null;
    const from = changetype<usize>(this.model);
    const to = ((changetype<usize>(this.room) + HEAD + 15) & ~15) + <usize>(this.made * this.step);
    memory.copy(to - KIND, from - KIND, KIND + <usize>sizeOf<T>(this.model));
    this.made += 1;
    return changetype<T>(to);
  }
}

function sizeOf<T>(object: T): u32 {
  return load<u32>(changetype<usize>(object) - SIZE);
}
