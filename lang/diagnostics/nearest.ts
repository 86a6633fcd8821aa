/** What the user may have meant. */

const MAX_SHOWN = 3;

/**
 * The candidates nearest to `name`, nearest first, at most three. Near is a Damerau-Levenshtein distance (restricted: no edits between
 * two swapped letters) of at most 2, or of a third of the longer one's length if that is more, and of at most 1 if one has three
 * letters or fewer. Upper and lower case are the same. Equally near ones stay in the order given.
 */
export function nearest(name: string, candidates: Iterable<string>): readonly string[] {
  const found: { candidate: string; distance: number }[] = [];
  const seen = new Set([name]);
  for (const candidate of candidates) {
    if (seen.has(candidate)) continue;
    seen.add(candidate);
    const longer = Math.max(name.length, candidate.length);
    const shorter = Math.min(name.length, candidate.length);
    const limit = shorter <= 3 ? 1 : Math.max(2, Math.floor(longer / 3));
    const far = Math.abs(name.length - candidate.length) > limit;
    const distance = far ? limit + 1 : distanceOf(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit) found.push({ candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, MAX_SHOWN).map(({ candidate }) => candidate);
}

/** A line of help for `name`: "did you mean `a`, `b` or `c`?"; undefined if nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(name, candidates).map((candidate) => `\`${candidate}\``);
  if (near.length === 0) return undefined;
  const last = near.pop()!;
  return `did you mean ${near.length > 0 ? `${near.join(", ")} or ` : ""}${last}?`;
}

/** A line of help for a path: a name in the same folder that is nearly the same, its ending aside. */
export function likelyPath(looked: string, beside: readonly string[]): string | undefined {
  const stem = (path: string): string => /([^/]*?)(\.[^./]*)?$/.exec(path)![1]!;
  const near = nearest(stem(looked), beside.map(stem));
  const found = beside.find((path) => near.includes(stem(path)) || stem(path) === stem(looked));
  return found && `did you mean \`${found}\`?`;
}

function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, before[j - 2]! + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
