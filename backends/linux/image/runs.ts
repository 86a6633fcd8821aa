/** Pages that are mapped from the file: each run of them is a segment, and the kernel takes only so many. */
import type { Run } from "../../native/snapshot.ts";

const MOST_SEGMENTS = 64;

/** Where there are too many, those with the least between them become one, and what is between them is stored too. */
export function mergedRuns(runs: readonly Pick<Run, "first" | "end">[]): Pick<Run, "first" | "end">[] {
  const gaps = runs.slice(1).map(({ first }, n) => first - runs[n]!.end);
  const least = gaps.toSorted((a, b) => b - a)[MOST_SEGMENTS - 1] ?? 0;
  const merged: { first: number; end: number }[] = [];
  runs.forEach(({ first, end }, n) => {
    const last = merged.at(-1);
    if (last !== undefined && gaps[n - 1]! <= least) last.end = end;
    else merged.push({ first, end });
  });
  return merged;
}
