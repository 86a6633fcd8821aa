/** The fields of an answer, put together while the image is built. */
import { matches } from "../pattern/match";
import { Program } from "../pattern/program";
import { bytesOf } from "./text";

@final
export class Line {
  constructor(
    public name: string,
    public value: string,
    /** It is about the content, and 304 goes without it. */
    public isContent: bool,
  ) {}
}

/** Fields in their order, each once. */
@final
export class Lines {
  lines: Line[] = [];

  /** Takes the place of a field of that name. RFC 9110 5.1: names have no case. */
  set(name: string, value: string, isContent: bool): void {
    for (let n = 0; n < this.lines.length; n++) {
      if (this.lines[n].name.toLowerCase() != name.toLowerCase()) continue;
      // What an answer varies with adds up: RFC 9110 12.5.5.
      const all = name.toLowerCase() == "vary" ? `${this.lines[n].value}, ${value}` : value;
      this.lines[n] = new Line(name, all, this.lines[n].isContent);
      return;
    }
    this.lines.push(new Line(name, value, isContent));
  }

  unset(name: string): void {
    for (let n = this.lines.length - 1; n >= 0; n--)
      if (this.lines[n].name.toLowerCase() == name.toLowerCase()) this.lines.splice(n, 1);
  }

  text(isContent: bool): string {
    let text = "";
    for (let n = 0; n < this.lines.length; n++) {
      const line = this.lines[n];
      if (line.isContent == isContent) text += `${line.name}: ${line.value}\r\n`;
    }
    return text;
  }
}

/** A `header` or `cache` block. */
@final
export class Rule {
  names: string[] = [];
  values: string[] = [];
  unset: string[] = [];

  constructor(
    public program: Program,
    /** For every path, and so for answers without one. */
    public isForAll: bool,
  ) {}
}

/** What the rules make of fields for a path; of an empty one what is for every path. */
export function apply(rules: Rule[], path: string, lines: Lines): void {
  const bytes = bytesOf(path);
  for (let n = 0; n < rules.length; n++) {
    const rule = rules[n];
    if (!rule.isForAll && (path.length == 0 || !matches(rule.program, bytes, bytes.length))) continue;
    for (let m = 0; m < rule.unset.length; m++) lines.unset(rule.unset[m]);
    for (let m = 0; m < rule.names.length; m++) lines.set(rule.names[m], rule.values[m], false);
  }
}
