/**
 * Columns: in a run of lines that each hold one item, what comes behind the names stands below each other.
 *
 *     listen   = [*:53]          rule "ping"  { from = any; to = self; action = accept }
 *     identity = "ns1"           rule "admin" { from = lan; to = self; action = accept }
 *
 * A run ends at an empty line and at an item of several lines. Whoever is more than `REACH` columns wider than the narrowest
 * stands out instead of moving all the others; types differ so much in width that their defaults are lined up only if nobody does.
 */
import { type Line, WIDTH, width } from "./layout.ts";

const REACH = 8;
/** The same for comments behind the lines. */
const COMMENT_REACH = 30;

/** The tags of columns that a line has once, in the order in which they stand on it; `default` is the `=` behind a type. */
const columns = [":", "->", "=", "default"] as const;
/** All other tags are of things within a block on one line: what stands before and what behind. */
const isCell = (tag: string) => !columns.some((it) => it === tag);

export function align(lines: readonly Line[]): void {
  for (const run of runs(lines)) {
    for (const alike of split(run, (a, b) => a.item!.class === b.item!.class)) {
      for (const tag of columns) for (const group of column(alike, tag)) cells(group, 0);
    }
    comments(run);
  }
}

/** Lines with one item each of the same list, behind each other; comments may stand between. */
function runs(lines: readonly Line[]): Line[][] {
  const found: Line[][] = [];
  let run: Line[] = [];
  const end = () => {
    if (run.length > 0) found.push(run);
    run = [];
  };
  for (const line of lines) {
    if (line.blank || (run[0] && !line.own && line.item?.list !== run[0].item!.list)) end();
    if (line.item && !line.raw) run.push(line);
    else if (!line.own) end();
  }
  end();
  return found;
}

function split(run: readonly Line[], alike: (a: Line, b: Line) => boolean): Line[][] {
  const found: Line[][] = [];
  for (const line of run) {
    const last = found.at(-1);
    if (last && alike(last.at(-1)!, line)) last.push(line);
    else found.push([line]);
  }
  return found;
}

/** Lines up one column; gives the lines that now have it at the same place. */
function column(lines: readonly Line[], tag: string): Line[][] {
  const places = lines.flatMap((line) => {
    const index = line.tabs.findIndex((it) => it.tag === tag);
    return index < 0 ? [] : [{ line, index }];
  });
  const groups = clusters(
    places,
    ({ line, index }) => width(line.text.slice(0, line.tabs[index]!.at)),
    REACH,
  );
  if (tag === "default" && groups.length > 1) return [];
  for (const { members, widest } of groups) pad(members, widest);
  return groups.map(({ members }) => members.map(({ line }) => line));
}

/** The same settings in blocks of one line, below each other as long as the lines go on alike. */
function cells(lines: readonly Line[], nth: number): void {
  const byTag = new Map<string, { line: Line; index: number }[]>();
  for (const line of lines) {
    const index = line.tabs.findIndex(({ tag }, n) => isCell(tag) && isNth(line, n, nth));
    if (index < 0) continue;
    const { tag } = line.tabs[index]!;
    byTag.set(tag, [...(byTag.get(tag) ?? []), { line, index }]);
  }
  for (const places of byTag.values()) {
    const groups = clusters(
      places,
      ({ line, index }) => width(line.text.slice(0, line.tabs[index]!.at)),
      REACH,
    );
    for (const { members, widest } of groups) {
      if (members.length < 2) continue;
      pad(members, widest);
      cells(
        members.map(({ line }) => line),
        nth + 1,
      );
    }
  }
}

function isNth(line: Line, index: number, nth: number): boolean {
  let count = 0;
  for (let n = 0; n < index; n++) if (isCell(line.tabs[n]!.tag)) count++;
  return count === nth;
}

interface Place {
  readonly line: Line;
  readonly index: number;
}

/** Nobody is moved if that made one of the lines too long. */
function pad(places: readonly Place[], widest: number): void {
  const missing = ({ line, index }: Place) => widest - width(line.text.slice(0, line.tabs[index]!.at));
  if (places.some((it) => missing(it) > 0 && it.line.indent + width(it.line.text) + missing(it) > WIDTH))
    return;
  for (const it of places) {
    const { line, index } = it;
    const blanks = " ".repeat(missing(it));
    const { at } = line.tabs[index]!;
    line.text = line.text.slice(0, at) + blanks + line.text.slice(at);
    line.tabs = line.tabs.map((each, n) => (n < index ? each : { ...each, at: each.at + blanks.length }));
  }
}

function comments(run: readonly Line[]): void {
  const commented = run.filter((line) => line.comments.length > 0);
  for (const { members, widest } of clusters(commented, (line) => width(line.text), COMMENT_REACH))
    for (const line of members) line.text = line.text.padEnd(widest + line.text.length - width(line.text));
}

/** By width: each with the narrowest that is not more than `reach` narrower. */
function clusters<T>(all: readonly T[], widthOf: (it: T) => number, reach: number) {
  const sorted = all.map((it) => ({ it, width: widthOf(it) })).sort((a, b) => a.width - b.width);
  const found: { members: T[]; narrowest: number; widest: number }[] = [];
  for (const { it, width } of sorted) {
    const last = found.at(-1);
    if (last && width <= last.narrowest + reach) {
      last.members.push(it);
      last.widest = width;
    } else found.push({ members: [it], narrowest: width, widest: width });
  }
  return found;
}
