/** Documents to lines: which groups fit on one, and where comments go. */
import type { Doc } from "./doc.ts";

/** Longest line that is not broken. A firewall's rule with five conditions fits; two windows side by side do too. */
export const WIDTH = 120;
export const INDENT = 2;

export interface Line {
  indent: number;
  /** Without the indentation. */
  text: string;
  /** An empty line stands before it. */
  blank: boolean;
  /** Places in `text` to be lined up with those of other lines. */
  tabs: { readonly at: number; readonly tag: string }[];
  /** Behind the text; all but the first stand on lines of their own. */
  comments: string[];
  /** The line has nothing but a comment; `blank`: and an empty line follows. */
  own: { readonly blank: boolean } | undefined;
  /** Part of a text of several lines: blanks at its end count. */
  raw: boolean;
  /** The item that begins and ends on it. */
  item: { readonly list: number; readonly class: string } | undefined;
}

interface Command {
  readonly doc: Doc | { readonly kind: "end"; readonly list: number };
  readonly indent: number;
  readonly broken: boolean;
}

/** Columns that a text takes. */
export function width(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

export function layout(doc: Doc): Line[] {
  return new Layout().run(doc);
}

class Layout {
  readonly #lines: Line[] = [];
  #line: Line = fresh(0, false);
  /** Columns of `#line`, indentation included. */
  #column = 0;
  /** An item that has no text yet. */
  #beginning: { readonly list: number; readonly class: string } | undefined;
  /** The item that the line began with, until the line or the item ends. */
  #open: { readonly list: number; readonly class: string } | undefined;

  run(doc: Doc): Line[] {
    const stack: Command[] = [{ doc, indent: 0, broken: true }];
    for (let top = stack.pop(); top; top = stack.pop()) this.#one(top, stack);
    this.#end();
    return this.#lines;
  }

  #one({ doc, indent, broken }: Command, stack: Command[]): void {
    switch (doc.kind) {
      case "text":
        return this.#write(doc.text, indent);
      case "separator":
        return this.#append(doc.text);
      case "verbatim":
        return this.#verbatim(doc.lines, indent);
      case "concat":
        for (let n = doc.parts.length - 1; n >= 0; n--) stack.push({ doc: doc.parts[n]!, indent, broken });
        return;
      case "indent":
        stack.push({ doc: doc.doc, indent: indent + INDENT, broken });
        return;
      case "group": {
        const command = { doc: doc.doc, indent, broken: false };
        const fits = !doc.force && this.#fits(command, stack);
        stack.push(fits ? command : { ...command, broken: true });
        return;
      }
      case "line":
        if (broken) this.#newLine(indent, doc.blank);
        else this.#write(doc.flat, indent);
        return;
      case "ifBroken":
        stack.push({ doc: broken ? doc.broken : doc.flat, indent, broken });
        return;
      case "comment":
        this.#line.comments.push(...doc.lines);
        return;
      case "ownComment":
        return this.#ownComment(doc.text, doc.blank, indent);
      case "tab":
        if (this.#open?.list === doc.list) this.#line.tabs.push({ at: this.#line.text.length, tag: doc.tag });
        return;
      case "item":
        if (this.#line.text === "" || this.#line.own) this.#beginning = { list: doc.list, class: doc.class };
        stack.push({ doc: { kind: "end", list: doc.list }, indent, broken });
        stack.push({ doc: doc.doc, indent, broken });
        return;
      case "end":
        if (this.#open?.list === doc.list) this.#line.item = this.#open;
        return;
    }
  }

  #write(text: string, indent: number): void {
    // Nothing stands behind a comment on its line.
    if (this.#line.own) this.#newLine(this.#line.indent, this.#line.own.blank);
    else if (this.#line.comments.length > 0) this.#newLine(indent + INDENT, false);
    this.#append(text);
  }

  #verbatim(linesAt: (indent: number) => readonly string[], indent: number): void {
    this.#write("", indent);
    const [first, ...others] = linesAt(this.#line.indent);
    this.#write(first!, indent);
    for (const other of others) {
      this.#line.raw = true;
      this.#newLine(0, false);
      this.#append(other);
    }
  }

  #append(text: string): void {
    if (this.#line.text === "" && text.trim() === "") return; // a line begins with no blank
    if (this.#beginning && this.#line.text === "") this.#open = this.#beginning;
    this.#beginning = undefined;
    this.#line.text += text;
    this.#column += width(text);
  }

  #ownComment(text: string, blank: boolean, indent: number): void {
    if (this.#line.own) this.#newLine(this.#line.indent, this.#line.own.blank);
    else if (this.#line.text !== "") this.#newLine(indent + INDENT, false);
    this.#line.own = { blank };
    this.#line.text = text;
  }

  #newLine(indent: number, blank: boolean): void {
    const blankBefore = this.#end() ? blank : blank || this.#line.blank;
    this.#line = fresh(indent, blankBefore);
    this.#column = indent;
    this.#open = undefined;
  }

  /** False if there is nothing on the line, so it is none. */
  #end(): boolean {
    if (!this.#line.raw) this.#line.text = this.#line.text.trimEnd();
    if (!this.#line.raw && this.#line.text === "" && this.#line.comments.length === 0) return false;
    this.#lines.push(this.#line);
    return true;
  }

  /** The command on one line, and what follows it up to the next end of a line. */
  #fits(first: Command, rest: readonly Command[]): boolean {
    let left = WIDTH - this.#column;
    const stack: Command[] = [first];
    for (let behind = rest.length; left >= 0; ) {
      const command = stack.pop() ?? rest[--behind];
      if (!command) return true;
      const { doc, broken } = command;
      switch (doc.kind) {
        case "text":
        case "separator":
          left -= width(doc.text);
          break;
        case "verbatim":
          return left - width(doc.lines(0)[0]!) >= 0;
        case "concat":
          for (let n = doc.parts.length - 1; n >= 0; n--) stack.push({ ...command, doc: doc.parts[n]! });
          break;
        case "indent":
        case "item":
        case "group": // one that follows may still break, whether it has to or not
          stack.push({ ...command, doc: doc.doc });
          break;
        case "line":
          if (broken) return true;
          left -= doc.flat.length;
          break;
        case "ifBroken":
          stack.push({ ...command, doc: broken ? doc.broken : doc.flat });
          break;
        case "comment":
        case "ownComment":
          return true;
      }
    }
    return false;
  }
}

const fresh = (indent: number, blank: boolean): Line => ({
  indent,
  text: "",
  blank,
  tabs: [],
  comments: [],
  own: undefined,
  raw: false,
  item: undefined,
});
