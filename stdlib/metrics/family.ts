/** Numbers as an image has them: all that does not change is bytes already. */
import { Bytes } from "../core/bytes";
import { Source } from "../core/measures";

export namespace Kind {
  export const counter: i32 = 0;
  export const gauge: i32 = 1;
  /** A gauge in nanoseconds that is shown in seconds. */
  export const seconds: i32 = 2;
}

@final
export class Sample {
  constructor(
    /** Empty, or in braces. */
    readonly labels: Bytes,
    readonly counts: StaticArray<u64>,
    readonly index: i32,
    /** In the place of `counts`. */
    readonly source: Source | null,
  ) {}

  value(): u64 {
    const source = this.source;
    return source == null ? this.counts[this.index] : source.value();
  }
}

@final
export class Family {
  samples: StaticArray<Sample> = [];

  constructor(
    readonly kind: i32,
    /** Without `_total`. */
    readonly name: Bytes,
    readonly help: Bytes,
  ) {}
}
