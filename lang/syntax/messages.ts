/** What the parser says when it meets something else: in words of the language, never as sequences of tokens. */
import { EOF, type IParserErrorMessageProvider } from "chevrotain";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import { habit, SOURCE_HELP } from "./habits.ts";
import { endOf, Infix, isA, isReserved, StringToken, type Token, W } from "./tokens.ts";

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
  /** The token begins nothing: if something was wrong on its line before, that is why. */
  readonly stray?: boolean;
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

/** Where the tokens end, and what is found there. */
export interface End {
  readonly offset: number;
  readonly found: string;
  /** The bracket that stands there, if it is a hole of a text that ends. */
  readonly closer?: string;
}

/**
 * The diagnostic of a fault. None if it is the consequence of something reported already: a bracket that had to be invented, a
 * character that means nothing.
 */
export function report(
  source: SourceText,
  tokens: readonly Token[],
  end: End,
  fault: Fault,
): Diagnostic | undefined {
  const { token, expected, stray, help, words } = fault;
  const ended = token.tokenType === EOF;
  const previous = ended ? tokens.at(-1) : tokens[token.index - 1];
  if (token.invented || token.damaged || previous?.invented || isInMendedLine(tokens, token))
    return undefined;
  const lineEnd =
    !ended &&
    !stray &&
    token.leads &&
    !token.dropped &&
    previous !== undefined &&
    !expected.includes(" or `");
  const after = previous && !(stray && token.leads) ? shown(previous) : undefined;
  if (ended || lineEnd) {
    const offset = lineEnd ? endOf(previous) : end.offset;
    const found = lineEnd ? "the end of the line" : end.found;
    const missing = help ?? (expected.startsWith("`from` and") ? SOURCE_HELP : undefined);
    return diagnose("E0001", source.span(offset, offset), { expected, after, found, help: missing });
  }
  const culprit = stray ? token : (token.dropped ?? token);
  const span = source.span(culprit.startOffset, endOf(culprit));
  if (words) return diagnose("E0015", span, { expected, word: token.image, words, help });
  if (isReserved(token) && (expected.startsWith("a name") || (expected === "a value" && isPlainWord(token))))
    return diagnose("E0010", span, { word: token.image, expected });
  return diagnose("E0001", span, {
    expected,
    after,
    found: shown(culprit),
    help: help ?? habit({ token, tokens, text: source.text, expected }),
  });
}

/** Not a word that is part of an expression. */
function isPlainWord(token: Token): boolean {
  return !isA(token, Infix) && ![W.if, W.then, W.else, W.match, W.not, W.with].includes(token.tokenType);
}

const MAX_SCANNED = 1000;

/** Where on its line an invented bracket should stand is a guess, so what stands before it may seem to be at fault. */
function isInMendedLine(tokens: readonly Token[], token: Token): boolean {
  const last = Math.max(0, token.index - MAX_SCANNED);
  for (let index = token.index - 1; index >= last && tokens[index]!.line === token.line; index--) {
    const { close } = tokens[index]!;
    if (close !== undefined && close > token.index && tokens[close]!.invented) return true;
  }
  return false;
}

function shown(token: Token): string {
  const [line] = token.image.split(/[\r\n]/);
  const text = line!.length > 32 ? `${line!.slice(0, 32)}…` : line!;
  return token.tokenType === StringToken ? text : `\`${text}\``;
}
