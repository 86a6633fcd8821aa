/** What is to happen, by time; what is for the same time happens in the order in which it was asked for. A binary heap. */
import { NEVER, type Time } from "./time.ts";

interface Entry {
  readonly time: Time;
  readonly order: number;
  readonly action: () => void;
}

export class EventQueue {
  readonly #heap: Entry[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next one is. */
  get next(): Time {
    return this.#heap[0]?.time ?? NEVER;
  }

  add(time: Time, action: () => void): void {
    const heap = this.#heap;
    const entry = { time, order: this.#added++, action };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = entry;
  }

  /** Takes the first one. */
  take(): () => void {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined) throw new Error("BUG: nothing is to happen");
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first.action;
  }

  #sink(entry: Entry): void {
    const heap = this.#heap;
    let at = 0;
    while (true) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, entry)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = entry;
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.time < other.time || (one.time === other.time && one.order < other.order);
