/** The descriptions that the tests of the syntax read. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

export interface Example {
  readonly name: string;
  readonly text: string;
}

function all(folder: string): readonly Example[] {
  const url = new URL(folder, import.meta.url);
  const names = readdirSync(url, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".appl"),
  );
  return names
    .sort()
    .map((name) => ({ name: basename(name), text: readFileSync(new URL(name, url), "utf8") }));
}

/** The complete descriptions, and two library files. */
export const examples = [...all("../../examples/"), ...all("examples/")];
export const faulty = all("faulty/design/").filter(({ name }) => !name.includes(".real."));

/** Offsets of the opening and the closing brace of each pair, by a reading that knows nothing of the parser. */
export function bracePairs(text: string): readonly (readonly [open: number, close: number])[] {
  const code = text.replace(/#[^\n]*|r?"(?:[^"\\\n]|\\.)*"/g, (it) => " ".repeat(it.length));
  const open: number[] = [];
  const pairs: [number, number][] = [];
  for (const { 0: brace, index } of code.matchAll(/[{}]/g))
    if (brace === "{") open.push(index);
    else pairs.push([open.pop()!, index]);
  return pairs;
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The text with an edit made. */
export function edited(text: string, edit: { span: { start: number; end: number }; text: string }): string {
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}
