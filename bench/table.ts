/** Rows of a benchmark on the console: what was measured, what it must reach, and how others do. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly goal?: string;
  /** Undefined if there is no goal. */
  readonly reached?: boolean;
  /** Who else was measured, or what stands behind the figure. */
  readonly beside?: string;
}

/** Goals that a run of the benchmarks did not reach. */
export const missed: string[] = [];

export function printTable(title: string, rows: readonly Row[]): void {
  const verdict = ({ reached }: Row) => (reached === undefined ? "" : reached ? "ok" : "MISSED");
  const columns: readonly (readonly [title: string, text: (row: Row) => string, right?: boolean])[] = [
    ["", ({ what }) => what],
    ["measured", ({ measured }) => measured, true],
    ["goal", ({ goal = "" }) => goal],
    ["", verdict],
    ["beside", ({ beside = "" }) => beside],
  ];
  const widths = columns.map(([name, text]) => Math.max(name.length, ...rows.map((row) => text(row).length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, n) => (columns[n]![2] ? cell.padStart(widths[n]!) : cell.padEnd(widths[n]!))).join("  ")}`;
  console.log(`\n${title}`);
  console.log(line(columns.map(([name]) => name)).trimEnd());
  for (const row of rows) {
    console.log(line(columns.map(([, text]) => text(row))).trimEnd());
    if (row.reached === false) missed.push(`${row.what}: ${row.measured}, goal ${row.goal}`);
  }
}

export const grouped = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** The goal is an upper bound. */
export function atMost(what: string, value: number, unit: string, most: number, beside?: string): Row {
  return {
    what,
    measured: `${grouped(Math.round(value))} ${unit}`,
    goal: `<= ${grouped(most)}`,
    reached: value <= most,
    ...(beside !== undefined && { beside }),
  };
}

/** How often the figure of a peer is ours. */
export const times = (peer: number, ours: number): string => `${(peer / ours).toFixed(1)} times`;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;
