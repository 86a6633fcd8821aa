/**
 * What modules count, for whoever shows it (interface core.Monitor). A module with the hook `measure` tells of its numbers while the image is built: their
 * names and texts are then bytes of the image, and no code of the module has to run to read them.
 */

/** A number that has to be worked out when it is asked for. */
export abstract class Source {
  abstract value(): u64;
}

/** Families of numbers, and the numbers in each: the words of OpenMetrics 1.0. Names are without the prefix `appl_`; of a family that is told of twice the second text is not used. */
export abstract class Measures {
  /** A number that only grows. Its name says what is counted, without `_total`. */
  abstract counter(name: string, help: string): void;
  /** A number that goes up and down. A name that ends in `_bytes` says the unit. */
  abstract gauge(name: string, help: string): void;
  /** A time in nanoseconds, shown in seconds; its name ends in `_seconds`. */
  abstract seconds(name: string, help: string): void;
  /** In the family that was named last: `labels` is empty or like `layer="ip",reason="no_route"`; the number is one of `counts`. */
  abstract entry(labels: string, counts: StaticArray<u64>, index: i32): void;
  /** The same, worked out. */
  abstract worked(labels: string, source: Source): void;
}
