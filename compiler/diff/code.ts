/** Code by module and function. */

import type { CodeChange, Detail } from "./difference.ts";
import type { Functions } from "./documents.ts";
import { changeOf } from "./draft.ts";
import { byRole } from "./walk.ts";

/** Modules whose functions have other sizes or, where that is known, other bytes; what grew or shrank most comes first. */
export function codeChanges(a: Functions, b: Functions): CodeChange[] {
  return byRole(a.modules, b.modules, ([name]) => name)
    .map((row) => ({
      module: row.role,
      from: total(row.a?.[1]),
      to: total(row.b?.[1]),
      functions: functionChanges(row.a?.[1] ?? [], row.b?.[1] ?? []),
    }))
    .filter(({ functions }) => functions.length > 0)
    .toSorted((one, two) => Math.abs(two.to - two.from) - Math.abs(one.to - one.from));
}

type Row = Functions["modules"][number][1][number];

const total = (rows: readonly Row[] = []): number => rows.reduce((sum, [, bytes]) => sum + bytes, 0);

function functionChanges(a: readonly Row[], b: readonly Row[]): Detail[] {
  return byRole(a, b, ([name]) => name)
    .filter((row) => row.a?.[1] !== row.b?.[1] || row.a?.[2] !== row.b?.[2])
    .map((row) => ({ what: row.role, change: changeOf(row.a, row.b), from: row.a?.[1], to: row.b?.[1] }))
    .toSorted((one, two) => grown(two) - grown(one));
}

const grown = ({ from = 0, to = 0 }: Detail): number => Math.abs((to as number) - (from as number));
