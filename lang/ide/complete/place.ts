/** Where in the text somebody writes, before anything is parsed: in a word, a number, a text in quotes, a comment. */
import type { SourceText } from "../../source/text.ts";
import { lex } from "../../syntax/lexer.ts";
import { endOf, StringToken, type Token } from "../../syntax/tokens.ts";

export type Place =
  /** A name, or nothing yet. */
  | { readonly kind: "word"; readonly start: number; readonly end: number }
  /** The unit of a number. */
  | { readonly kind: "unit"; readonly start: number; readonly end: number }
  /** Inside of quotes; `start` and `end` without them. */
  | { readonly kind: "text"; readonly start: number; readonly end: number; readonly word: string | undefined }
  /** Behind `use`, without quotes. */
  | { readonly kind: "library"; readonly start: number; readonly end: number };

const isWord = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);

/** Undefined where nothing is to be offered. */
export function placeAt(source: SourceText, offset: number): Place | undefined {
  const { text } = source;
  const { tokens, comments } = lex(source);
  if (comments.some(({ span }) => span.start < offset && offset <= span.end)) return undefined;
  const quoted = tokens.findIndex(
    (it) => it.tokenType === StringToken && it.startOffset < offset && offset <= endOf(it),
  );
  if (quoted >= 0) return inQuotes(tokens[quoted]!, tokens[quoted - 1], text, offset);
  let start = offset;
  while (isWord(text[start - 1])) start--;
  let end = offset;
  while (isWord(text[end])) end++;
  const line = text.slice(source.lineStarts[source.lineAt(offset)], offset);
  const path = /^\s*use\s+([\w/.-]*)$/.exec(line);
  if (path)
    return {
      kind: "library",
      start: offset - path[1]!.length,
      end: offset + (/^[\w/.-]*/.exec(text.slice(offset))?.[0].length ?? 0),
    };
  const written = text.slice(start, offset);
  const number =
    /^\d[\d_]*(?:[a-zA-Zµ°]+\d+)*([a-zA-Z]*)$/.exec(written) ??
    (text[start - 1] === "." && /\d$/.test(text.slice(0, start - 1))
      ? /^\d+([a-zA-Z]*)$/.exec(written)
      : null);
  if (number) return { kind: "unit", start: offset - number[1]!.length, end };
  return { kind: "word", start, end };
}

function inQuotes(token: Token, before: Token | undefined, text: string, offset: number): Place | undefined {
  const { startOffset, image } = token;
  if (image.startsWith('"""')) return undefined;
  const closed = image.length > 1 && image.endsWith('"');
  if (closed && offset === endOf(token)) return undefined;
  const word = before?.image;
  // an open text ends with its line, but what is behind a blank was there before
  const end = closed ? endOf(token) - 1 : offset + (/^[^\s"]*/.exec(text.slice(offset))?.[0].length ?? 0);
  return { kind: "text", start: startOffset + 1, end, word };
}
