/** What is said about brackets that were mended. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic, Help, Label } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Repair } from "./brackets.ts";
import type { StringScan } from "./strings.ts";
import {
  Add,
  Arrow,
  Assign,
  closerOf,
  endOf,
  LeftBrace,
  openerOf,
  StringToken,
  To,
  type Token,
} from "./tokens.ts";

/**
 * One diagnostic a repair. None where a text without its closing quote took the bracket in, nor where a bracket closes nothing because of
 * what has been reported on its line before.
 */
export function reportRepairs(
  source: SourceText,
  tokens: readonly Token[],
  made: readonly Repair[],
  reported: readonly Diagnostic[],
): Diagnostic[] {
  const open = tokens.flatMap((token, index) => (isOpenText(token) ? [index] : []));
  const faulty = new Set(reported.map(({ primary }) => source.lineAt(primary.span.start)));
  return made.flatMap((it) => {
    if (it.kind === "close")
      return open.some((text) => it.opener.index < text && text < it.before)
        ? []
        : [unclosed(source, tokens, it)];
    return faulty.has(tokens[it.closer]!.line) ? [] : [unopened(source, tokens, it)];
  });
}

function isOpenText(token: Token): boolean {
  return token.tokenType === StringToken && (token.payload as StringScan).fault !== undefined;
}

function unclosed(source: SourceText, tokens: readonly Token[], it: Repair & { kind: "close" }): Diagnostic {
  const { opener, before, evidence } = it;
  const start = opener.token.startOffset;
  const help = closingHelp(source, tokens, it);
  const next = tokens[before];
  return diagnose(
    "E0003",
    source.span(start, endOf(opener.token)),
    { open: opener.token.image, byIndentation: evidence.kind === "indentation", help },
    next ? [{ span: headSpan(source, tokens, before), text: because(next, it) }] : [],
  );
}

function because(next: Token, { opener, evidence }: Repair & { kind: "close" }): string {
  const head = short(opener.head);
  if (evidence.kind === "end") return `a declaration at the start of a line ends every open block`;
  if (evidence.kind === "mismatch") return `this \`${next.image}\` comes first`;
  if (openerOf.has(next.tokenType))
    return evidence.sibling
      ? `this \`${next.image}\` is indented like \`${short(evidence.sibling.head)}\`, so it seems to close that`
      : `this \`${next.image}\` stands further left than \`${head}\``;
  return next.indent === opener.indent
    ? `this line is indented like \`${head}\`, so it seems to belong beside it`
    : `this line stands further left than \`${head}\`, so it seems not to belong to it`;
}

function closingHelp(source: SourceText, tokens: readonly Token[], it: Repair & { kind: "close" }): Help {
  const { opener, before, evidence } = it;
  const image = closerOf.get(opener.token.tokenType)!.name;
  const last = tokens[before - 1]!;
  const line = source.lineAt(endOf(last));
  const end = endOf(last);
  if (evidence.kind === "mismatch")
    return {
      text: `add \`${image}\` before this \`${tokens[before]!.image}\``,
      edit: { span: source.span(end, end), text: image === "}" ? " }" : image },
    };
  if (line === opener.token.line)
    return {
      text: `add \`${image}\` at the end of line ${line + 1}`,
      edit: { span: source.span(end, end), text: image === "}" ? " }" : image },
    };
  const below = source.lineEnd(line);
  const margin = /^[ \t]*/.exec(source.line(opener.token.line))![0];
  return {
    text: `add \`${image}\` on a line of its own below line ${line + 1}`,
    edit: { span: source.span(below, below), text: `\n${margin}${image}` },
  };
}

function unopened(
  source: SourceText,
  tokens: readonly Token[],
  it: Exclude<Repair, { kind: "close" }>,
): Diagnostic {
  const closer = tokens[it.closer]!;
  const span = source.span(closer.startOffset, endOf(closer));
  const data = { close: closer.image, open: openerOf.get(closer.tokenType)!.name };
  if (it.kind === "drop") return diagnose("E0004", span, { ...data, help: undefined });
  let head = it.after;
  while (!tokens[head]!.leads) head--;
  const end = endOf(tokens[it.after]!);
  const help: Help = {
    text: `add \`{\` at the end of line ${source.lineAt(end) + 1}`,
    edit: { span: source.span(end, end), text: " {" },
  };
  const related: Label = {
    span: source.span(tokens[head]!.startOffset, end),
    text: "the lines below this one are indented as if it opened a block",
  };
  return diagnose("E0004", span, { ...data, help }, [related]);
}

const headEnds = new Set([LeftBrace, Assign, Add, To, Arrow]);

/** The first words of a line, up to where its value begins. */
function headSpan(
  source: SourceText,
  tokens: readonly Token[],
  from: number,
): ReturnType<SourceText["span"]> {
  let last = from;
  for (let index = from + 1; index < tokens.length; index++) {
    if (tokens[index]!.leads || headEnds.has(tokens[index]!.tokenType)) break;
    last = index;
  }
  const end = openerOf.has(tokens[from]!.tokenType) ? from : last;
  return source.span(tokens[from]!.startOffset, endOf(tokens[end]!));
}

function short(token: Token): string {
  return token.image.length > 24 ? `${token.image.slice(0, 24)}…` : token.image;
}
