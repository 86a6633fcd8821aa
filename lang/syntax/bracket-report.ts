/** What is said about brackets that were mended. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic, Help, Label } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Open, Repair } from "./brackets.ts";
import type { End } from "./messages.ts";
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

type Unclosed = Repair & { readonly kind: "close" };
type Unopened = Exclude<Repair, Unclosed>;

/**
 * One diagnostic for all brackets that are missing at one place, one for each that closes nothing. None where a text without its
 * closing quote took the bracket in, nor where a bracket closes nothing because of what has been reported on its line before.
 */
export function reportRepairs(
  source: SourceText,
  tokens: readonly Token[],
  made: readonly Repair[],
  end: End,
  reported: readonly Diagnostic[],
): Diagnostic[] {
  const open = tokens.flatMap((token, index) => (isOpenText(token) ? [index] : []));
  const faulty = new Set(reported.map(({ primary }) => source.lineAt(primary.span.start)));
  const groups = new Map<string, [Unclosed, ...Unclosed[]]>();
  const found: Diagnostic[] = [];
  for (const it of made) {
    if (it.kind === "close") {
      if (open.some((text) => it.opener.index < text && text < it.before)) continue;
      const place = `${it.before} ${it.evidence.kind}`;
      const group = groups.get(place);
      if (group) group.push(it);
      else groups.set(place, [it]);
    } else if (!faulty.has(tokens[it.closer]!.line)) found.push(unopened(source, tokens, it));
  }
  for (const group of groups.values()) found.push(unclosed(source, tokens, group, end));
  return found;
}

function isOpenText(token: Token): boolean {
  return token.tokenType === StringToken && (token.payload as StringScan).fault !== undefined;
}

/** More brackets that are open at one place are not shown. */
const MAX_OTHERS = 4;
const MAX_SHOWN = 16;

/** `group` goes from the innermost bracket to the outermost. */
function unclosed(
  source: SourceText,
  tokens: readonly Token[],
  group: readonly [Unclosed, ...Unclosed[]],
  end: End,
): Diagnostic {
  const [it, ...others] = group;
  const { opener, before, evidence } = it;
  const at = ({ token }: Open) => source.span(token.startOffset, endOf(token));
  const related: Label[] = others.slice(0, MAX_OTHERS).map((other) => ({
    span: at(other.opener),
    text: `this \`${other.opener.token.image}\` is not closed either`,
  }));
  const next = tokens[before];
  if (next) related.push({ span: headSpan(source, tokens, before), text: because(next, it) });
  const byIndentation = evidence.kind === "indentation";
  const help = closingHelp(source, tokens, group, end);
  return diagnose("E0003", at(opener), { open: opener.token.image, byIndentation, help }, related);
}

function because(next: Token, { opener, evidence }: Unclosed): string {
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

function closingHelp(
  source: SourceText,
  tokens: readonly Token[],
  group: readonly [Unclosed, ...Unclosed[]],
  end: End,
): Help {
  const { before, evidence } = group[0];
  const closers = group.map(({ opener }) => closerOf.get(opener.token.tokenType)!.name);
  const images =
    closers.length > MAX_SHOWN ? `${closers.slice(0, MAX_SHOWN).join(" ")} …` : closers.join(" ");
  const last = endOf(tokens[before - 1]!);
  const line = source.lineAt(last);
  const inline = closers.map((image) => (image === "}" ? " }" : image)).join("");
  const here = { span: source.span(last, last), text: inline };
  const next =
    evidence.kind === "mismatch"
      ? `\`${tokens[before]!.image}\``
      : before === tokens.length
        ? end.closer
        : undefined;
  if (next) return { text: `add \`${images}\` before this ${next}`, edit: here };
  if (group.every(({ opener }) => opener.token.line === line))
    return { text: `add \`${images}\` at the end of line ${line + 1}`, edit: here };
  const below = source.lineEnd(line);
  const margins = group.map(({ opener }) => /^[ \t]*/.exec(source.line(opener.token.line))![0]);
  const lines = closers.map((image, n) => `\n${margins[n]}${image}`).join("");
  const where = group.length === 1 ? "on a line of its own below" : "below";
  return {
    text: `add \`${images}\` ${where} line ${line + 1}`,
    edit: { span: source.span(below, below), text: lines },
  };
}

function unopened(source: SourceText, tokens: readonly Token[], it: Unopened): Diagnostic {
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
