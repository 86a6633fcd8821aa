/**
 * Regular expressions that are matched in time linear in the text: the subset of RE2's syntax without back-references and
 * look-around. A pattern is compiled to a small program; `regex-match.ts` runs it.
 */
import { fault, type Parsed, parsed } from "./fault.ts";

export type Instruction =
  /** One code point inside of one of the ranges, or outside of all of them. */
  | { readonly op: "class"; readonly ranges: readonly Interval[]; readonly negated: boolean }
  | { readonly op: "split"; readonly to: number; readonly or: number }
  | { readonly op: "jump"; readonly to: number }
  | { readonly op: "start" }
  | { readonly op: "end" }
  | { readonly op: "boundary"; readonly negated: boolean }
  | { readonly op: "match" };

/** Both ends are in it. */
export type Interval = readonly [number, number];

export interface Program {
  readonly instructions: readonly Instruction[];
  /** What replacements can name: `1`, `2` …, and the names of those that have one; in order. */
  readonly groups: readonly string[];
}

/** Longer programs come only from counted repeats in counted repeats. */
const MAX_PROGRAM = 5000;
const MAX_DEPTH = 50;
const MAX_REPEAT = 1000;

type Node =
  | { readonly kind: "class"; readonly ranges: readonly Interval[]; readonly negated: boolean }
  | { readonly kind: "anchor"; readonly instruction: Instruction }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly items: readonly Node[] }
  | { readonly kind: "repeat"; readonly item: Node; readonly min: number; readonly max: number | undefined };

export function compileRegex(pattern: string): Parsed<Program> {
  const parser = new PatternParser(pattern);
  try {
    const node = parser.pattern();
    const instructions: Instruction[] = [];
    emit(node, instructions);
    instructions.push({ op: "match" });
    return parsed({ instructions, groups: parser.groups });
  } catch (error) {
    if (error instanceof PatternFault) return fault(error.message, error.start, error.end);
    throw error;
  }
}

class PatternFault extends Error {
  readonly start: number;
  readonly end: number;

  constructor(reason: string, start: number, end: number) {
    super(reason);
    this.start = start;
    this.end = end;
  }
}

const DIGIT: readonly Interval[] = [[48, 57]];
const WORD: readonly Interval[] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: readonly Interval[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const LAST = 0x10ffff;
const shorthand: Readonly<Record<string, readonly Interval[]>> = { d: DIGIT, w: WORD, s: SPACE };
const control: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11 };

/** Recursive descent over the pattern's characters; offsets are code units. */
class PatternParser {
  readonly groups: string[] = [];
  #numbered = 0;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  pattern(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.#fail("`)` closes nothing", this.#at, this.#at + 1);
    return node;
  }

  #fail(reason: string, start: number, end: number): never {
    throw new PatternFault(reason, start, Math.min(end, Math.max(this.#text.length, start)));
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node {
    const items = [this.#sequence()];
    while (this.#take("|")) items.push(this.#sequence());
    return items.length === 1 ? items[0]! : { kind: "choice", items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#text.length && this.#peek() !== "|" && this.#peek() !== ")")
      items.push(this.#repeat());
    return { kind: "sequence", items };
  }

  #repeat(): Node {
    const start = this.#at;
    let item = this.#atom();
    for (;;) {
      const count = this.#count();
      if (!count) return item;
      if (item.kind === "anchor") this.#fail("there is nothing to repeat", start, this.#at);
      if (item.kind === "repeat")
        this.#fail("a repeat of a repeat: put the inner one in `(?:…)`", start, this.#at);
      item = { kind: "repeat", item, ...count };
      this.#take("?"); // shortest first finds the same matches
    }
  }

  #count(): { min: number; max: number | undefined } | undefined {
    if (this.#take("*")) return { min: 0, max: undefined };
    if (this.#take("+")) return { min: 1, max: undefined };
    if (this.#take("?")) return { min: 0, max: 1 };
    const start = this.#at;
    const braces = /^\{(\d{1,6})(?:(,)(\d{0,6}))?\}/.exec(this.#text.slice(start, start + 20));
    if (!braces) return undefined;
    this.#at += braces[0].length;
    const min = Number(braces[1]);
    const max = braces[2] === undefined ? min : braces[3] === "" ? undefined : Number(braces[3]);
    if (Math.max(min, max ?? 0) > MAX_REPEAT) this.#fail(`at most ${MAX_REPEAT} repeats`, start, this.#at);
    if (max !== undefined && max < min) this.#fail("the first number is above the second", start, this.#at);
    return { min, max };
  }

  #atom(): Node {
    const start = this.#at;
    const character = String.fromCodePoint(this.#text.codePointAt(start)!);
    this.#at += character.length;
    switch (character) {
      case "(":
        return this.#group(start);
      case "[":
        return this.#class(start);
      case ".":
        return { kind: "class", ranges: [[10, 10]], negated: true };
      case "^":
        return { kind: "anchor", instruction: { op: "start" } };
      case "$":
        return { kind: "anchor", instruction: { op: "end" } };
      case "\\":
        return this.#escape(start);
      case "*":
      case "+":
      case "?":
        return this.#fail(`there is nothing before \`${character}\` to repeat`, start, this.#at);
      default: {
        const code = character.codePointAt(0)!;
        return { kind: "class", ranges: [[code, code]], negated: false };
      }
    }
  }

  #group(start: number): Node {
    if (!this.#take("?")) this.groups.push(String(++this.#numbered));
    else {
      if (!this.#take(":")) {
        const named = /^(?:P?<([A-Za-z_]\w*)>)/.exec(this.#text.slice(this.#at));
        if (!named)
          this.#fail(
            "look-around and flags are left out: they would make matching slow",
            start,
            this.#at + 1,
          );
        this.#at += named![0].length;
        this.groups.push(String(++this.#numbered), named![1]!);
      }
    }
    if (++this.#depth > MAX_DEPTH) this.#fail("groups are nested too deeply", start, this.#at);
    const node = this.#choice();
    this.#depth--;
    if (!this.#take(")")) this.#fail("`(` is not closed", start, start + 1);
    return node;
  }

  #escape(start: number): Node {
    const letter = this.#peek();
    if (letter === "b" || letter === "B") {
      this.#at++;
      return { kind: "anchor", instruction: { op: "boundary", negated: letter === "B" } };
    }
    if (/[1-9]/.test(letter))
      this.#fail("back-references are left out: they would make matching slow", start, this.#at + 1);
    return { kind: "class", ...this.#escaped(start) };
  }

  /** Behind a backslash, inside or outside of a class. */
  #escaped(start: number): { ranges: readonly Interval[]; negated: boolean } {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) this.#fail("there is nothing behind the `\\`", start, this.#at);
    const letter = String.fromCodePoint(code!);
    this.#at += letter.length;
    const named = shorthand[letter.toLowerCase()];
    if (named && /[dwsDWS]/.test(letter)) return { ranges: named, negated: letter !== letter.toLowerCase() };
    if (Object.hasOwn(control, letter))
      return { ranges: [[control[letter]!, control[letter]!]], negated: false };
    const hex =
      letter === "x" ? /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(this.#text.slice(this.#at)) : null;
    if (hex) {
      this.#at += hex[0].length;
      const value = Number.parseInt(hex[1] ?? hex[2]!, 16);
      if (value > LAST) this.#fail("there is no such character", start, this.#at);
      return { ranges: [[value, value]], negated: false };
    }
    if (/[A-Za-z0-9]/.test(letter)) this.#fail(`\`\\${letter}\` means nothing here`, start, this.#at);
    return { ranges: [[code!, code!]], negated: false };
  }

  #class(start: number): Node {
    const negated = this.#take("^");
    const ranges: Interval[] = [];
    for (let first = true; first || this.#peek() !== "]"; first = false) {
      if (this.#at >= this.#text.length) this.#fail("`[` is not closed", start, start + 1);
      const from = this.#at;
      const low = this.#classItem(from);
      const single = low.length === 1 && low[0]![0] === low[0]![1] ? low[0]![0] : undefined;
      if (
        single !== undefined &&
        this.#peek() === "-" &&
        this.#text[this.#at + 1] !== "]" &&
        this.#at + 1 < this.#text.length
      ) {
        this.#at++;
        const high = this.#classItem(this.#at);
        const top = high.length === 1 && high[0]![0] === high[0]![1] ? high[0]![0] : -1;
        if (top < single) this.#fail("the range goes backwards", from, this.#at);
        ranges.push([single, top]);
      } else ranges.push(...low);
    }
    this.#at++;
    return { kind: "class", ranges, negated };
  }

  #classItem(start: number): readonly Interval[] {
    if (this.#take("\\")) {
      const { ranges, negated } = this.#escaped(start);
      return negated ? complement(ranges) : ranges;
    }
    const code = this.#text.codePointAt(this.#at)!;
    this.#at += code > 0xffff ? 2 : 1;
    return [[code, code]];
  }
}

function complement(ranges: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  let next = 0;
  for (const [low, high] of ranges) {
    if (low > next) result.push([next, low - 1]);
    next = high + 1;
  }
  result.push([next, LAST]);
  return result;
}

function emit(node: Node, out: Instruction[]): void {
  if (out.length > MAX_PROGRAM)
    throw new PatternFault("the repeats make this pattern too large", 0, Number.MAX_SAFE_INTEGER);
  switch (node.kind) {
    case "class":
      out.push({ op: "class", ranges: node.ranges, negated: node.negated });
      return;
    case "anchor":
      out.push(node.instruction);
      return;
    case "sequence":
      for (const item of node.items) emit(item, out);
      return;
    case "choice":
      return emitChoice(node.items, out);
    case "repeat":
      return emitRepeat(node, out);
  }
}

function emitChoice(items: readonly Node[], out: Instruction[]): void {
  const ends: number[] = [];
  for (const [index, item] of items.entries()) {
    const last = index === items.length - 1;
    const split = out.length;
    if (!last) out.push({ op: "jump", to: 0 });
    emit(item, out);
    if (last) break;
    ends.push(out.length);
    out.push({ op: "jump", to: 0 });
    out[split] = { op: "split", to: split + 1, or: out.length };
  }
  for (const end of ends) out[end] = { op: "jump", to: out.length };
}

function emitRepeat({ item, min, max }: Extract<Node, { kind: "repeat" }>, out: Instruction[]): void {
  for (let count = 0; count < min; count++) emit(item, out);
  if (max === undefined) {
    const split = out.length;
    out.push({ op: "jump", to: 0 });
    emit(item, out);
    out.push({ op: "jump", to: split });
    out[split] = { op: "split", to: split + 1, or: out.length };
    return;
  }
  const splits: number[] = [];
  for (let count = min; count < max; count++) {
    splits.push(out.length);
    out.push({ op: "jump", to: 0 });
    emit(item, out);
  }
  for (const split of splits) out[split] = { op: "split", to: split + 1, or: out.length };
}
