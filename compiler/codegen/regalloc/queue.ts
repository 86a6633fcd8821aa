/** A queue in which the greatest goes first, and of equals the one that came first. */
export class Queue<T> {
  readonly #heap: { readonly item: T; readonly rank: number; readonly order: number }[] = [];
  #count = 0;

  put(item: T, rank: number): void {
    const heap = this.#heap;
    heap.push({ item, rank, order: this.#count++ });
    for (let n = heap.length - 1; n > 0; ) {
      const parent = (n - 1) >> 1;
      if (this.#before(parent, n)) break;
      this.#swap(n, parent);
      n = parent;
    }
  }

  take(): T | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined) return undefined;
    if (heap.length > 0) {
      heap[0] = last;
      for (let n = 0; ; ) {
        const left = 2 * n + 1;
        if (left >= heap.length) break;
        const child = left + 1 < heap.length && this.#before(left + 1, left) ? left + 1 : left;
        if (this.#before(n, child)) break;
        this.#swap(n, child);
        n = child;
      }
    }
    return top.item;
  }

  #before(a: number, b: number): boolean {
    const one = this.#heap[a]!;
    const other = this.#heap[b]!;
    return one.rank > other.rank || (one.rank === other.rank && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}
