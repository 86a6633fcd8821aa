/** Texts of several lines, moved to the indentation of the line that they begin on; their value stays. */
import { linesOf } from "../syntax/string-text.ts";
import type { StringScan } from "../syntax/strings.ts";
import type { Token } from "../syntax/tokens.ts";
import { type Doc, text, verbatim } from "./doc.ts";
import { INDENT } from "./layout.ts";

export function textOf({ image, payload }: Token): Doc {
  if (!/[\r\n]/.test(image)) return text(image);
  const { quotes, holes } = payload as StringScan;
  const content = { start: quotes, end: image.length - quotes };
  const { lines, common, first } = linesOf(image, content, holes);
  const written = lines.map(({ start }, n) => image.slice(start, lines[n + 1]?.start ?? image.length));
  const opening = image.slice(0, quotes) + (first === 1 ? "\n" : written[0]!);
  return verbatim((indent) => {
    const blanks = " ".repeat(indent + INDENT);
    const others = written.slice(1).map((it) => moved(it, common, blanks));
    return [opening, ...others].join("").split(/\r\n|\n|\r/);
  });
}

/** Only blank lines may begin with less than what is common to all. */
function moved(line: string, common: string, blanks: string): string {
  let shared = 0;
  while (shared < common.length && line[shared] === common[shared]) shared++;
  const rest = line.slice(shared);
  return /^[\r\n]*$/.test(rest) ? rest : blanks + rest;
}
