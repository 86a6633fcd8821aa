/**
 * Where a string ends, and where the holes `${…}` in it are.
 *
 * A hole may have strings with holes in it, so this is no regular expression; what is in a hole is lexed later, as an expression.
 */

/** Offsets count from the first quote. */
export interface StringScan {
  /** How many quotes: 1 or 3. */
  readonly quotes: number;
  /** Between `${` and `}`. */
  readonly holes: readonly { readonly start: number; readonly end: number }[];
  readonly fault: StringFault | undefined;
}

export type StringFault =
  /** No closing quotes: the token goes to the end of the line, or with three quotes to the end of the text. */
  | { readonly kind: "open" }
  /** `${` at this offset has no `}`; the token ends at the next quote. */
  | { readonly kind: "hole"; readonly at: number };

/** Strings in holes of strings: deeper than this, a hole counts as not closed. */
const MAX_NESTING = 4;
/** Longer holes count as not closed, so that scanning stays linear in the length of the text. */
const MAX_HOLE = 1000;

type Match = RegExpExecArray & { payload?: unknown };

/** A custom pattern for the lexer: its payload is a `StringScan`. */
export function scanString(text: string, offset: number): Match | null {
  if (text[offset] !== '"') return null;
  const { end, scan } = stringAt(text, offset, 0, text.length);
  return match(text, offset, end, scan);
}

/** `r"…"`: a backslash keeps the quote behind it in. The payload tells whether it is closed. */
export function scanRegex(text: string, offset: number): Match | null {
  if (text[offset] !== "r" || text[offset + 1] !== '"') return null;
  let at = offset + 2;
  while (at < text.length && text[at] !== '"' && !isLineEnd(text[at]!))
    at += text[at] === "\\" && at + 1 < text.length && !isLineEnd(text[at + 1]!) ? 2 : 1;
  const closed = text[at] === '"';
  return match(text, offset, closed ? at + 1 : at, closed);
}

function match(text: string, start: number, end: number, payload: unknown): Match {
  return Object.assign([text.slice(start, end)], { index: start, input: text, payload }) as unknown as Match;
}

function stringAt(
  text: string,
  start: number,
  nesting: number,
  limit: number,
): { end: number; scan: StringScan } {
  const quotes = text.startsWith('"""', start) ? 3 : 1;
  const closing = '"'.repeat(quotes);
  const holes: { start: number; end: number }[] = [];
  let fault: StringFault | undefined;
  let at = start + quotes;
  while (at < limit) {
    if (text.startsWith(closing, at)) return { end: at + quotes, scan: { quotes, holes, fault } };
    if (quotes === 1 && isLineEnd(text[at]!)) break;
    if (text[at] === "\\") at += at + 1 < text.length && !isLineEnd(text[at + 1]!) ? 2 : 1;
    else if (text[at] !== "$" || text[at + 1] !== "{") at++;
    else {
      const end = fault ? undefined : holeEnd(text, at + 2, quotes, nesting, Math.min(limit, at + MAX_HOLE));
      if (end === undefined) fault ??= { kind: "hole", at: at - start };
      else holes.push({ start: at + 2 - start, end: end - start });
      at = end === undefined ? at + 2 : end + 1;
    }
  }
  return { end: Math.min(at, limit), scan: { quotes, holes, fault: fault ?? { kind: "open" } } };
}

/** The offset of the `}` that closes the hole; undefined if there is none. */
function holeEnd(
  text: string,
  start: number,
  quotes: number,
  nesting: number,
  limit: number,
): number | undefined {
  if (nesting === MAX_NESTING) return undefined;
  let depth = 0;
  for (let at = start; at < limit; ) {
    const c = text[at]!;
    if (c === '"') {
      const { end, scan } = stringAt(text, at, nesting + 1, limit);
      if (scan.fault) return undefined;
      at = end;
      continue;
    }
    if (quotes === 1 && isLineEnd(c)) return undefined;
    if (c === "}" && depth === 0) return at;
    if (c === "{") depth++;
    else if (c === "}") depth--;
    at++;
  }
  return undefined;
}

function isLineEnd(c: string): boolean {
  return c === "\n" || c === "\r";
}
