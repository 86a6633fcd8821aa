/** Sets of program positions: half-open stretches as flat pairs [from, to, from, to, …], ascending, apart from one another. */
export type Ranges = readonly number[];

export const NEVER = Number.POSITIVE_INFINITY;

/** Index of the first stretch (its `from`) that ends after `position`; the length if there is none. */
export function firstEndingAfter(ranges: Ranges, position: number): number {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

export function covers(ranges: Ranges, position: number): boolean {
  const n = firstEndingAfter(ranges, position);
  return n < ranges.length && ranges[n]! <= position;
}

/** The first position that is in both; `NEVER` if there is none. */
export function firstCommon(a: Ranges, b: Ranges): number {
  if (a.length === 0 || b.length === 0) return NEVER;
  let i = firstEndingAfter(a, b[0]!);
  let j = firstEndingAfter(b, a[0]!);
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i]!, b[j]!);
    if (from < Math.min(a[i + 1]!, b[j + 1]!)) return from;
    if (a[i + 1]! <= b[j + 1]!) i += 2;
    else j += 2;
  }
  return NEVER;
}

export const disjoint = (a: Ranges, b: Ranges): boolean => firstCommon(a, b) === NEVER;

/** All that is in one or both. */
export function union(a: Ranges, b: Ranges): number[] {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const takeA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const from = takeA ? a[i]! : b[j]!;
    const to = takeA ? a[i + 1]! : b[j + 1]!;
    if (takeA) i += 2;
    else j += 2;
    const last = out.length - 1;
    if (last > 0 && from <= out[last]!) out[last] = Math.max(out[last]!, to);
    else out.push(from, to);
  }
  return out;
}

/** All that is in both. */
export function intersection(a: Ranges, b: Ranges): number[] {
  const out: number[] = [];
  if (a.length === 0 || b.length === 0) return out;
  let i = firstEndingAfter(a, b[0]!);
  let j = firstEndingAfter(b, a[0]!);
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i]!, b[j]!);
    const to = Math.min(a[i + 1]!, b[j + 1]!);
    if (from < to) out.push(from, to);
    if (a[i + 1]! <= b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

/** What is in `a` only. */
export function difference(a: Ranges, b: Ranges): number[] {
  const out: number[] = [];
  let j = a.length === 0 ? 0 : firstEndingAfter(b, a[0]!);
  for (let i = 0; i < a.length; i += 2) {
    let from = a[i]!;
    const to = a[i + 1]!;
    while (j < b.length && b[j + 1]! <= from) j += 2;
    for (let k = j; k < b.length && b[k]! < to; k += 2) {
      if (b[k]! > from) out.push(from, b[k]!);
      from = b[k + 1]!;
    }
    if (from < to) out.push(from, to);
  }
  return out;
}

/** How many positions. */
export function sizeOf(ranges: Ranges): number {
  let size = 0;
  for (let n = 0; n < ranges.length; n += 2) size += ranges[n + 1]! - ranges[n]!;
  return size;
}
