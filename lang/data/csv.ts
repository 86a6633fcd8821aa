/**
 * Tables: CSV (RFC 4180) and TSV. The first line names the columns. Cells are trimmed unless they are in quotes; an empty one that is not in quotes is
 * no value at all; empty lines do not count.
 */
import { type TextNode, Unreadable } from "./node.ts";

export interface Table {
  readonly header: readonly TextNode[];
  readonly rows: readonly (readonly TextNode[])[];
}

const MAX_ROWS = 100_000;

export function parseTable(text: string, separator: "," | "\t"): Table {
  const lines: TextNode[][] = [];
  const scanner = new Scanner(text, separator);
  for (let line = scanner.line(); line; line = scanner.line()) {
    if (line.length === 1 && line[0]!.value === "" && !line[0]!.quoted) continue;
    if (lines.length > MAX_ROWS)
      throw new Unreadable(`a table has at most ${MAX_ROWS} rows`, line[0]!.start, line[0]!.end);
    lines.push(line);
  }
  const [header, ...rows] = lines;
  if (!header) throw new Unreadable("the table is empty: its first line names the columns", 0, 0);
  checkHeader(header, separator);
  for (const row of rows) if (row.length !== header.length) wrongCount(row, header.length, separator);
  return { header, rows };
}

const names = { ",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars" };

function checkHeader(header: readonly TextNode[], separator: "," | "\t"): void {
  const [first] = header;
  if (header.length === 1 && !first!.quoted)
    for (const other of [";", "\t", "|", ","] as const)
      if (other !== separator && first!.value.includes(other))
        throw new Unreadable(
          `the columns are separated by ${names[other]} here`,
          first!.start,
          first!.end,
          `separate them by ${names[separator]}${other === "\t" ? ", or call the file `.tsv`" : ""}`,
        );
  const seen = new Set<string>();
  for (const cell of header) {
    if (cell.value === "") throw new Unreadable("a column has no name", cell.start, cell.end);
    if (seen.has(cell.value))
      throw new Unreadable(`there are two columns \`${cell.value}\``, cell.start, cell.end);
    seen.add(cell.value);
  }
}

function wrongCount(row: readonly TextNode[], columns: number, separator: "," | "\t"): never {
  const count = (n: number) => (n === 1 ? "1 cell" : `${n} cells`);
  const reason = `this row has ${count(row.length)}, and there are ${columns === 1 ? "1 column" : `${columns} columns`}`;
  const extra = row[columns];
  const last = row.at(-1)!;
  if (extra)
    throw new Unreadable(
      reason,
      extra.start,
      last.end,
      `a cell with ${names[separator]} in it is put in quotes`,
    );
  throw new Unreadable(reason, row[0]!.start, last.end, "an empty cell still has its separator");
}

class Scanner {
  readonly #text: string;
  readonly #separator: string;
  #at = 0;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
  }

  /** The cells of the next line; undefined behind the last one. */
  line(): TextNode[] | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const cells: TextNode[] = [];
    for (;;) {
      cells.push(this.#cell());
      const character = this.#text[this.#at];
      if (character === this.#separator) {
        this.#at++;
        continue;
      }
      if (character === "\r" && this.#text[this.#at + 1] === "\n") this.#at++;
      this.#at++;
      return cells;
    }
  }

  #cell(): TextNode {
    let start = this.#at;
    while (this.#isBlank(start)) start++;
    if (this.#text[start] === '"') return this.#quoted(start);
    let end = start;
    while (end < this.#text.length && !this.#ends(end)) {
      if (this.#text[end] === '"')
        throw new Unreadable(
          "a quote in the middle of a cell",
          end,
          end + 1,
          'put the whole cell in quotes, and write `""` for this one',
        );
      end++;
    }
    this.#at = end;
    while (end > start && this.#isBlank(end - 1)) end--;
    const value = this.#text.slice(start, end);
    return { kind: "text", value, quoted: false, start, end, from: start, offsets: undefined };
  }

  #quoted(start: number): TextNode {
    let value = "";
    const offsets: number[] = [];
    for (let at = start + 1; ; at++) {
      const character = this.#text[at];
      if (character === undefined) throw new Unreadable("this cell is not closed", start, start + 1);
      if (character === '"' && this.#text[at + 1] !== '"') {
        offsets.push(at);
        return this.#closed(start, at + 1, value, offsets);
      }
      offsets.push(at);
      value += character;
      if (character === '"') at++;
    }
  }

  #closed(start: number, end: number, value: string, offsets: readonly number[]): TextNode {
    this.#at = end;
    while (this.#isBlank(this.#at)) this.#at++;
    if (this.#at < this.#text.length && !this.#ends(this.#at))
      throw new Unreadable(
        "there is more behind the closing quote of this cell",
        this.#at,
        this.#at + 1,
        'a quote in a cell is written `""`',
      );
    const plain = end - start - 2 === value.length;
    return {
      kind: "text",
      value,
      quoted: true,
      start,
      end,
      from: start + 1,
      offsets: plain ? undefined : offsets,
    };
  }

  #ends(at: number): boolean {
    const character = this.#text[at];
    return character === this.#separator || character === "\n" || character === "\r";
  }

  #isBlank(at: number): boolean {
    const character = this.#text[at];
    return character === " " || (character === "\t" && this.#separator !== "\t");
  }
}
