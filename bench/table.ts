/** Rows of a benchmark on the console: what was measured, how much, against what. */
export interface Row {
  readonly what: string;
  readonly value: string;
  /** What it must reach, or who else was measured. */
  readonly against: string;
  readonly ratio: string;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const header: Row = { what: "", value: "measured", against: "against", ratio: "ratio" };
  const all = [header, ...rows];
  const width = (key: keyof Row) => Math.max(...all.map((row) => row[key].length));
  const [what, value, against] = [width("what"), width("value"), width("against")];
  console.log(`\n${title}`);
  for (const row of all)
    console.log(
      `  ${row.what.padEnd(what)}  ${row.value.padStart(value)}  ${row.against.padEnd(against)}  ${row.ratio}`,
    );
}

export const grouped = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** The goal is an upper bound: the ratio tells how much of it is used. */
export function bounded(what: string, value: number, unit: string, most: number): Row {
  return {
    what,
    value: `${grouped(Math.round(value))} ${unit}`,
    against: `at most ${grouped(most)}`,
    ratio: (value / most).toFixed(2),
  };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;
