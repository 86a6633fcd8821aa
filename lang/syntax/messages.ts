/** What the parser says when it meets something else: in words of the language, never as sequences of tokens. */
import { EOF, type IParserErrorMessageProvider } from "chevrotain";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import { endOf, isReserved, StringToken, type Token } from "./tokens.ts";

/** The parser's message is only what it expected: `a value`, `` `=` ``. The rest of the sentence is made from the tokens. */
export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => "`}`",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "a value",
};

export interface Fault {
  /** What was found. */
  readonly token: Token;
  readonly expected: string;
  readonly help?: string | undefined;
  /** The token is a word that is not known here; these are. */
  readonly words?: readonly string[];
}

/** Thrown where the grammar itself sees that something cannot be meant so. */
export class Misplaced extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.expected);
    this.fault = fault;
  }
}

/**
 * The diagnostic of a fault. None if it is the consequence of something reported already: a bracket that had to be invented, a
 * character that means nothing.
 */
export function report(source: SourceText, tokens: readonly Token[], fault: Fault): Diagnostic | undefined {
  const { token, expected, help, words } = fault;
  const ended = token.tokenType === EOF;
  const previous = ended ? tokens.at(-1) : tokens[token.index - 1];
  if (token.invented || token.damaged || previous?.invented) return undefined;
  const end = previous ? endOf(previous) : 0;
  const span = ended ? source.span(end, end) : source.span(token.startOffset, endOf(token));
  if (words && !ended) return diagnose("E0015", span, { expected, word: token.image, words });
  if (!ended && isReserved(token) && expected.startsWith("a name"))
    return diagnose("E0010", span, { word: token.image, expected });
  const found = ended ? "the end of the file" : shown(token);
  return diagnose("E0001", span, {
    expected,
    after: previous && shown(previous),
    found,
    help: help ?? hint(token, previous, expected),
  });
}

function shown(token: Token): string {
  const [line] = token.image.split(/[\r\n]/);
  const text = line!.length > 32 ? `${line!.slice(0, 32)}…` : line!;
  return token.tokenType === StringToken ? text : `\`${text}\``;
}

/** Habits from other languages. */
function hint(token: Token, previous: Token | undefined, expected: string): string | undefined {
  const close = previous !== undefined && endOf(previous) === token.startOffset;
  if (token.image === "/" && previous?.image === "/") return "a comment begins with `#`";
  if (token.image === "-" && close) return 'names with `-` are written in quotes: "two-words"';
  if (token.image === ":" && expected.includes("`=`")) return "a setting is written `name = value`";
  if ((token.image === "if" || token.image === "match") && expected === "a value")
    return `put the whole \`${token.image} …\` in parentheses`;
  if (token.image === "=" && previous?.image === "=") return undefined;
  if (token.image === "." && previous?.image === "..") return "a range is written with two dots: `1..5`";
  return undefined;
}
