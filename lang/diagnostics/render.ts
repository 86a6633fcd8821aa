/**
 * A diagnostic as text for people:
 *
 *     error[E0101]: `net` has no option `adress`
 *       --> e01.appl:4:13
 *       |
 *     4 |   net wan { adress = 192.0.2.53/24; gateway = 192.0.2.1 }
 *       |             ^^^^^^ not an option of `net`
 *       |
 *       = help: did you mean `address`?
 */
import type { Sources } from "../source/sources.ts";
import type { SourceText } from "../source/text.ts";
import type { Diagnostic, Label } from "./diagnostic.ts";
import { MAX_ERRORS } from "./order.ts";
import { type Mark, snippet } from "./snippet.ts";

/** What each part is drawn with; every function gives its text back, dressed or not. */
export interface Palette {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly headline: (text: string) => string;
  /** Line numbers and the lines beside them. */
  readonly frame: (text: string) => string;
  readonly related: (text: string) => string;
  readonly help: (text: string) => string;
}

const same = (text: string) => text;
export const plain: Palette = {
  error: same,
  warning: same,
  headline: same,
  frame: same,
  related: same,
  help: same,
};

/** One diagnostic, ending with a newline. */
export function render(diagnostic: Diagnostic, sources: Sources, palette: Palette = plain): string {
  const { code, severity, text, primary } = diagnostic;
  const color = palette[severity];
  const sections = bySource(diagnostic, sources);
  const lastLine = Math.max(1, ...sections.flatMap(({ lines }) => [...lines.keys()].map((line) => line + 1)));
  const margin = " ".repeat(String(lastLine).length);
  const frame = (line: string) => palette.frame(line);
  const out = [`${color(`${severity}[${code}]`)}${palette.headline(`: ${text}`)}`];
  if (sections.length === 0) out.push(`${margin} ${frame("-->")} ${primary.span.source}`);
  for (const [index, { source, first, lines }] of sections.entries()) {
    const { line, column } = source.position(first.span.start);
    out.push(`${margin} ${frame(index === 0 ? "-->" : ":::")} ${source.path}:${line}:${column}`);
    out.push(`${margin} ${frame("|")}`);
    out.push(...excerpt(source, lines, diagnostic, margin, palette));
    out.push(`${margin} ${frame("|")}`);
  }
  const mark = `${margin} ${frame("=")}`;
  for (const help of diagnostic.helps) {
    const [head, ...example] = help.text.split("\n");
    out.push(
      `${mark} ${palette.help("help")}: ${head}`,
      ...example.map((line) => `${margin}  ${frame("|")}  ${line}`),
    );
  }
  for (const note of diagnostic.notes) {
    const [head, ...more] = note.split("\n");
    out.push(`${mark} note: ${head}`, ...more.map((line) => `${margin}   ${line}`));
  }
  if (diagnostic.helps.length + diagnostic.notes.length === 0 && sections.length > 0) out.pop();
  return `${out.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** All of them with blank lines between, but no more than 20 errors. */
export function renderAll(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  palette: Palette = plain,
  maxErrors = MAX_ERRORS,
): string {
  const shown: string[] = [];
  let errors = 0;
  for (const diagnostic of diagnostics)
    if (diagnostic.severity === "warning" || errors++ < maxErrors)
      shown.push(render(diagnostic, sources, palette));
  const more = errors - maxErrors;
  if (more > 0)
    shown.push(`${palette.error("error")}: ${more} more ${more === 1 ? "error" : "errors"}, not shown\n`);
  return shown.join("\n");
}

interface Section {
  readonly source: SourceText;
  readonly first: Label;
  /** What is marked on which line, counted from 0. */
  readonly lines: ReadonlyMap<number, Mark[]>;
}

/** The primary file first, then the others in the order of their labels. */
function bySource({ primary, related }: Diagnostic, sources: Sources): Section[] {
  const sections = new Map<string, { source: SourceText; first: Label; lines: Map<number, Mark[]> }>();
  for (const label of [primary, ...related]) {
    const source = sources.text(label.span.source);
    if (!source) continue;
    const section = sections.get(source.path) ?? { source, first: label, lines: new Map() };
    sections.set(source.path, section);
    const line = source.lineAt(label.span.start);
    section.lines.set(line, [...(section.lines.get(line) ?? []), { ...label, primary: label === primary }]);
  }
  return [...sections.values()];
}

function excerpt(
  source: SourceText,
  lines: Section["lines"],
  { severity, masked }: Diagnostic,
  margin: string,
  palette: Palette,
): string[] {
  const out: string[] = [];
  let last: number | undefined;
  const bar = palette.frame("|");
  for (const line of [...lines.keys()].sort((a, b) => a - b)) {
    if (last !== undefined && line === last + 2) out.push(...numbered(line - 1, []));
    else if (last !== undefined && line > last + 2) out.push(palette.frame("..."));
    out.push(...numbered(line, lines.get(line)!));
    last = line;
  }
  return out;

  function numbered(line: number, marks: readonly Mark[]): string[] {
    const { text, underlines } = snippet(source, line, marks, masked ?? []);
    const number = String(line + 1).padStart(margin.length);
    return [
      `${palette.frame(number)} ${bar} ${text}`,
      ...underlines.map(({ indent, rule, mark }) => {
        const color = mark.primary ? palette[severity] : palette.related;
        return `${margin} ${bar} ${" ".repeat(indent)}${color(`${rule} ${mark.text}`.trimEnd())}`;
      }),
    ];
  }
}
