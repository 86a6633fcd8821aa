/** A difference as a person reads it. */

import type { Place } from "../build/report.ts";
import type { ByteChange, Extent } from "./bytes.ts";
import type { Cause, Change, CodeChange, Detail, Difference, PatchLine, Shown, Side } from "./difference.ts";

export interface Shape {
  /** What each side was asked for as. */
  readonly names: { readonly a: string; readonly b: string };
  /** Nothing is cut off, and code by function of every module. */
  readonly all?: boolean | undefined;
}

const MOST_DETAILS = 8;
const MOST_LINES = 24;
const MOST_WIDTH = 100;
const INDENT = " ".repeat(13);

export function differenceText(difference: Difference, shape: Shape): string {
  const lines = [head(difference, shape)];
  for (const each of difference.causes) lines.push(...causeLines(each, difference, shape));
  const rest = codeLines(difference, shape);
  if (rest.length > 0) lines.push(...rest);
  if (difference.same.length > 0) lines.push(`  same: ${difference.same.map(counted).join(", ")}`);
  lines.push(...conclusion(difference));
  return `${lines.join("\n")}\n`;
}

function head({ a, b, causes, verdict }: Difference, { names }: Shape): string {
  const [one, other] = [titled(a), titled(b)];
  const title = one === other ? one : `${one} -> ${other}`;
  const count = causes.length === 1 ? "1 cause" : `${causes.length} causes`;
  const said =
    verdict === "identical" ? "identical" : verdict === "unexplained" ? "a recipe is missing" : count;
  return `${title}   ${names.a} ${short(a.contents)}   ${names.b} ${short(b.contents)}   ${said}`;
}

const titled = ({ appliance, target }: Side): string =>
  appliance === undefined ? "an image" : `${appliance}@${target}`;

/** Ten digits, as everywhere in messages. */
export const short = (digest: string | undefined): string =>
  digest?.replace(/^sha256:/, "").slice(0, 10) ?? "-";

function causeLines(cause: Cause, difference: Difference, shape: Shape): string[] {
  const { kind, what, change, places, also, details, patch, consequences } = cause;
  const cut = <T>(rows: readonly T[], most: number): readonly T[] => (shape.all ? rows : rows.slice(0, most));
  const name = kind === what ? "" : what;
  const lines = [`  ${kind.padEnd(9)}  ${name}`.trimEnd()];
  const values = change === "changed" ? changed(cause) : lone(change, cause);
  const where = placesText(places);
  const first = [values, where].some((text) => text !== "");
  if (first) lines.push(`${INDENT}${values.padEnd(32)}  ${where}`.trimEnd());
  if (also.length > 0)
    lines.push(
      ...cut(also, MOST_DETAILS).map((path) => `${INDENT}also ${path}`),
      ...more(also.length, MOST_DETAILS, shape),
    );
  lines.push(
    ...cut(details, MOST_DETAILS).flatMap((detail) => detailLines(detail, cause, difference, shape)),
  );
  lines.push(...more(details.length, MOST_DETAILS, shape));
  lines.push(...cut(patch, MOST_LINES).map((line) => `${INDENT}${patchLine(line)}`.trimEnd()));
  lines.push(...more(patch.length, MOST_LINES, shape));
  lines.push(...cut(consequences, MOST_DETAILS).map((detail) => `${INDENT}so ${detailText(detail)}`));
  lines.push(...more(consequences.length, MOST_DETAILS, shape));
  return lines;
}

const more = (count: number, most: number, { all }: Shape): string[] =>
  all === true || count <= most ? [] : [`${INDENT}… and ${count - most} more (--all)`];

const patchLine = ({ sign, text }: PatchLine): string => (sign === "…" ? "…" : `${sign} ${cutOff(text)}`);

/** The code of a library with its functions; everything else on one line. */
function detailLines(detail: Detail, cause: Cause, { code, sections }: Difference, shape: Shape): string[] {
  if (cause.kind !== "library" || detail.what !== "code") return [`${INDENT}${detailText(detail)}`];
  const declared = cause.details.some(({ what }) => what !== "code" && !what.startsWith("source "));
  const same = declared ? "" : "interface same; ";
  const found = code.find(({ module }) => module === cause.what);
  if (found === undefined)
    return [
      `${INDENT}${same}${sections.includes("code") ? "code of the same size" : "no effect on the code in the image"}`,
    ];
  return [`${INDENT}${same}${sizesText(found)}`, ...functionLines(found, shape)];
}

function functionLines({ functions }: CodeChange, shape: Shape): string[] {
  const shown = shape.all ? functions : functions.slice(0, MOST_DETAILS);
  return [
    ...shown.map((detail) => `${INDENT}  ${detailText(detail)}`),
    ...more(functions.length, MOST_DETAILS, shape),
  ];
}

export const sizesText = ({ from, to }: CodeChange): string =>
  from === to
    ? `code ${grouped(from)} bytes, other instructions`
    : `code ${grouped(from)} -> ${grouped(to)} bytes`;

/** Code that grew or shrank without having been changed: other settings, other neighbours. */
function codeLines({ code, causes }: Difference, shape: Shape): string[] {
  const own = new Set(causes.filter(({ kind }) => kind === "library").map(({ what }) => what));
  const rest = code.filter(({ module }) => !own.has(module));
  const sized = shape.all ? rest : rest.filter(({ from, to }) => from !== to);
  if (sized.length === 0) return [];
  const rows = sized.slice(0, shape.all ? undefined : MOST_DETAILS);
  return [
    "  code, as a consequence",
    ...rows.flatMap((each) => [
      `${INDENT}${each.module}  ${sizesText(each).replace(/^code /, "")}`,
      ...(shape.all ? functionLines(each, shape) : []),
    ]),
    ...more(sized.length, MOST_DETAILS, shape),
  ];
}

export function detailText({ what, change, from, to }: Detail): string {
  if (change === "changed") {
    if (from === undefined && to === undefined) return `${what} changed`;
    if (from === to) return `${what}: same size, other instructions`;
    return `${what}: ${changed({ change, what, from, to })}`;
  }
  const value = change === "added" ? to : from;
  return `${change === "added" ? "+" : "-"} ${what}${value === undefined || value === "" ? "" : ` = ${shownText(value)}`}`;
}

function changed({ from, to }: Detail): string {
  if (from === undefined || to === undefined) return "";
  if (typeof from === "number" && typeof to === "number") return `${grouped(from)} -> ${grouped(to)} bytes`;
  if (typeof from !== "object" || typeof to !== "object") return `${shownText(from)} -> ${shownText(to)}`;
  const gone = without(from, to).map((item) => `- ${item}`);
  const come = without(to, from).map((item) => `+ ${item}`);
  const items = [...gone, ...come].join("  ");
  return items !== "" && items.length <= MOST_WIDTH ? items : `${shownText(from)} -> ${shownText(to)}`;
}

/** What is left of `items` when each of `others` takes one away. */
export function without(items: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1);
  return items.filter((item) => {
    const left = counts.get(item) ?? 0;
    counts.set(item, left - 1);
    return left <= 0;
  });
}

function lone(change: Change, { from, to }: Detail): string {
  const value = change === "added" ? to : from;
  return value === undefined ? change : `${change}: ${shownText(value)}`;
}

function shownText(value: Shown): string {
  if (typeof value === "number") return `${grouped(value)} bytes`;
  return cutOff(typeof value === "string" ? shortDigests(value) : `[${value.join(", ")}]`);
}

const shortDigests = (text: string): string => (/^sha256:[0-9a-f]{64}$/.test(text) ? short(text) : text);

const cutOff = (text: string): string =>
  text.length <= MOST_WIDTH ? text : `${text.slice(0, MOST_WIDTH - 1)}…`;

function placesText({ a, b }: Cause["places"]): string {
  const [one, other] = [a && placeText(a), b && placeText(b)];
  if (one === undefined || other === undefined) return one ?? other ?? "";
  // Of an image only the description's name is known, not the folder that it was in.
  if (one.endsWith(`/${other}`)) return one;
  return one === other || other.endsWith(`/${one}`) ? other : `${one} -> ${other}`;
}

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

export function counted({ what, count }: Difference["same"][number]): string {
  if (what === "board" || what === "toolchain") return what;
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

export function conclusion({ verdict, a, b, sections }: Difference): string[] {
  const sizes =
    a.size === undefined || b.size === undefined
      ? "image"
      : `image ${grouped(a.size)} -> ${grouped(b.size)} bytes`;
  const differ = sections.map((name) => `\`${name}\``).join(" and ");
  switch (verdict) {
    case "identical":
      return [];
    case "same bytes":
      return ["built differently, same bytes"];
    case "different":
      return [
        differ === "" ? sizes : `${sizes}; only ${differ} ${sections.length === 1 ? "differs" : "differ"}`,
      ];
    case "unexplained":
      return [
        `${sizes}${differ === "" ? "" : `; ${differ} ${sections.length === 1 ? "differs" : "differ"}`}`,
        "  what one of them was built from is not in this machine's store, so the causes cannot be told: build its description here",
      ];
  }
}

export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

const MOST_ROWS = 40;

/** One line for each symbol, or section without symbols, that is not the same. */
export function bytesText(changes: readonly ByteChange[], all: boolean): string {
  if (changes.length === 0) return "bytes: the same\n";
  const shown = all ? changes : changes.slice(0, MOST_ROWS);
  const rows = shown.map(({ section, symbol, a, b, first, count }) => {
    const sizes =
      a?.size === b?.size ? grouped(a?.size ?? 0) : `${grouped(a?.size ?? 0)} -> ${grouped(b?.size ?? 0)}`;
    const places = `${hex(a)} ${hex(b)}`;
    const what = `  ${places}  ${section}${symbol === undefined ? "" : `  ${symbol}`}`;
    if (a === undefined || b === undefined)
      return `${what}  ${a === undefined ? "added" : "removed"}, ${count} bytes`;
    return `${what}  ${sizes} bytes, ${count} differ from +${first} on`;
  });
  const rest = changes.length - shown.length;
  const more = rest > 0 ? [`  … and ${rest} more (--all)`] : [];
  return `${["bytes, by their offsets in each file", ...rows, ...more].join("\n")}\n`;
}

const hex = (extent: Extent | undefined): string =>
  extent === undefined ? "-".padEnd(8) : `0x${extent.offset.toString(16).padStart(6, "0")}`;
