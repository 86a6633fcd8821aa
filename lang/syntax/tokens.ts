/**
 * The tokens, in the order in which they are tried: the first that matches wins.
 *
 * Literals take in more than is legal (`192.168.1.300`, `/33`, `64kb`, three dotted numbers): what is wrong with a value is said by
 * the checker, in terms of values, and never as a syntax error.
 */
import { createToken, type IToken, Lexer, type TokenType, tokenMatcher } from "chevrotain";
import type { PlainLiteralKind } from "./ast-expr.ts";
import { scanForeign } from "./foreign.ts";
import { scanRegex, scanString } from "./strings.ts";
import { type Reader, type Reserved, readers, reserved, type Soft, soft, type Word } from "./words.ts";

/** A token with what the parser wants to know about its place. */
export interface Token extends IToken {
  /** Of its first character, from 0. */
  line: number;
  /** Its place among the tokens that the parser gets. */
  index: number;
  /** It is the first on its line. */
  leads: boolean;
  /** Blanks before it on its line, a tab counting to the next multiple of 8; only if it leads. */
  indent: number;
  /** Put there by the repair of brackets; its image is empty. */
  invented?: boolean;
  /** For an opening bracket: the index of its partner. */
  close?: number;
  /** Lines of documentation before it. */
  docBefore?: string;
  /** Documentation behind it on its line. */
  docBehind?: string;
  /** It begins a declaration at column 1, so it is no name. */
  declares?: boolean;
  /** The closing bracket before it that was dropped. */
  dropped?: Token;
  /** A character that is none of the language stands between the token before it and this one; reported. */
  damaged?: boolean;
}

/** The token is of the type, or of the category. */
export const isA: (token: IToken, type: TokenType) => boolean = tokenMatcher;

/** Offset behind the token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

// Categories.
export const NameToken = category("Name", "a name");
export const Literal = category("Literal", "a value");
/** `file`, `dir`, `text`, `data`. */
export const ReaderToken = createToken({ name: "Reader", pattern: Lexer.NA, categories: NameToken });
/** Operators between two operands, `..` among them. */
export const Infix = category("Infix", "an operator");

const number = "\\d[\\d_]*(?:\\.\\d[\\d_]*)?";
const letter = "A-Za-z\u00b0\u00b5\u03bc\u2126\u03a9\u2103"; // ° µ μ Ω Ω ℃
const hex = "[0-9A-Fa-f]+";
const word = "[0-9A-Za-z]+";
const dotted = "\\d+(?:\\.\\d+){2,}";
const length = "/\\d+(?:\\.\\d+)*";
const ip6 = [
  `(?:${hex}(?::${hex})*)?::(?:${word}(?:(?:::?|\\.)${word})*)?`,
  `(?:${hex}:){6}\\d+(?:\\.\\d+){3}`,
  `${hex}(?::${hex}){7}`,
].join("|");
const date = "\\d{4}-\\d\\d?-\\d\\d?(?![\\d-])";
const clock = "\\d\\d?:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?";

const blank = createToken({
  name: "blank",
  pattern: /[ \t\r\n\f\v]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const CommentToken = createToken({ name: "comment", pattern: /#[^\r\n]*/, group: "comments" });

/** What only other languages have. */
export const ForeignToken = createToken({
  name: "foreign",
  pattern: { exec: scanForeign },
  start_chars_hint: ["/", "!", "<"],
  line_breaks: true,
  group: "foreign",
});
export const StringToken = createToken({
  name: "string",
  label: "a text in quotes",
  pattern: { exec: scanString },
  start_chars_hint: ['"'],
  line_breaks: true,
  categories: Literal,
});
export const RegexToken = createToken({
  name: "regex",
  label: "a regular expression",
  pattern: { exec: scanRegex },
  start_chars_hint: ["r"],
  line_breaks: false,
  categories: Literal,
});
/** The label of each is the `kind` of its node. */
const literals: readonly TokenType[] = [
  StringToken,
  RegexToken,
  literal("mac", "[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?![:.\\w])"),
  literal("mac", "[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}(?![-\\w])", "dashedMac"),
  literal("socket", "\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]:\\d+"),
  literal("prefix", `(?:${ip6})${length}`, "prefix6"),
  literal("ip6", `(?:${ip6})`),
  literal("socket", `${dotted}:\\d+`, "socket4"),
  literal("prefix", `${dotted}${length}`, "prefix4"),
  literal("ip4", dotted),
  literal("hash", "sha(?:1|256|384|512):[0-9A-Za-z\u2026]+"),
  literal("instant", `\\d{4}-\\d\\d?-\\d\\d?[Tt]${clock}(?:[Zz]|[+-]\\d\\d:?\\d\\d)?`),
  literal("date", date),
  literal("timeOfDay", `${clock}(?![:\\w])`),
  literal("ip6", `\\d[0-9A-Fa-f]*(?::${hex}){2,}`, "brokenIp6"),
  literal("int", "0[xX]\\w+", "hex"),
  literal("rate", `${number}/[A-Za-z]\\w*`),
  literal("quantity", `${number}(?:%|[${letter}][${letter}0-9]*(?:\\.\\d[${letter}0-9]*)?(?:/[A-Za-z]+)?)`),
  literal("dec", "\\d[\\d_]*\\.\\d[\\d_]*"),
  literal("int", "\\d[\\d_]*"),
  literal("socket", "\\*:\\d+", "socketAny"),
];

/** Those that are written without quotes. */
export const bareLiterals: readonly TokenType[] = literals.slice(2);

export const Arrow = mark("=>");
export const Equals = mark("==", Infix);
export const Assign = mark("=");
export const To = mark("->");
export const Concat = mark("++", Infix);
export const Add = mark("+=");
export const Plus = mark("+", Infix);
export const Minus = mark("-", Infix);
export const Star = mark("*", Infix);
export const Slash = mark("/", Infix);
export const Percent = mark("%", Infix);
export const LessOrEqual = mark("<=", Infix);
export const Less = mark("<", Infix);
export const GreaterOrEqual = mark(">=", Infix);
export const Greater = mark(">", Infix);
export const Unequal = mark("!=", Infix);
export const DotDot = mark("..", Infix);
export const Dot = mark(".");
export const Bar = mark("|");
export const Question = mark("?");
export const Colon = mark(":");
export const Comma = mark(",");
export const Semicolon = mark(";");
export const LeftBrace = mark("{");
export const RightBrace = mark("}");
export const LeftBracket = mark("[");
export const RightBracket = mark("]");
export const LeftParen = mark("(");
export const RightParen = mark(")");

/** Any word; which one it is the lexer finds in `words`. */
export const Identifier = createToken({ name: "Word", pattern: /[A-Za-z_]\w*/, categories: NameToken });
/** A word with letters that names do not have; reported, and then a name. */
export const ForeignWord = createToken({
  name: "foreignWord",
  pattern: /[A-Za-z_]*[\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff][\w\u00c0-\u024f\u0370-\u1fff\u3040-\ud7ff]*/,
  categories: NameToken,
});

const infixWords: readonly string[] = ["and", "or", "in", "matches", "is"] satisfies Reserved[];

/** The token of each word. */
export const W = Object.fromEntries([
  ...reserved.map((text) => [text, wordToken(text, infixWords.includes(text) ? [Infix] : [])]),
  ...readers.map((text) => [text, wordToken(text, [ReaderToken])]),
  ...soft.map((text) => [text, wordToken(text, [NameToken])]),
]) as Readonly<Record<Reserved | Reader | Soft, TokenType>>;

const marks: readonly TokenType[] = [
  Arrow,
  Equals,
  Assign,
  To,
  Concat,
  Add,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  LessOrEqual,
  Less,
  GreaterOrEqual,
  Greater,
  Unequal,
  DotDot,
  Dot,
  Bar,
  Question,
  Colon,
  Comma,
  Semicolon,
  LeftBrace,
  RightBrace,
  LeftBracket,
  RightBracket,
  LeftParen,
  RightParen,
];

/** What the lexer tries, in this order. */
export const lexed: readonly TokenType[] = [
  blank,
  CommentToken,
  ForeignToken,
  ...literals,
  ...marks,
  ForeignWord,
  Identifier,
];

/** What the grammar may ask for. */
export const vocabulary: readonly TokenType[] = [
  ...lexed,
  ...Object.values(W),
  NameToken,
  ReaderToken,
  Literal,
  Infix,
];

export const words: ReadonlyMap<string, TokenType> = new Map(Object.entries(W));
const reservedTypes: ReadonlySet<TokenType> = new Set(reserved.map((text) => W[text]));

export function isReserved(token: IToken): boolean {
  return reservedTypes.has(token.tokenType);
}

/** The token is a word: a name or a word of the language. */
export function isWord(token: IToken): boolean {
  return (
    token.tokenType === Identifier ||
    token.tokenType === ForeignWord ||
    words.get(token.image) === token.tokenType
  );
}

/** Brackets by their opening one. */
export const closerOf: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftBrace, RightBrace],
  [LeftBracket, RightBracket],
  [LeftParen, RightParen],
]);
export const openerOf: ReadonlyMap<TokenType, TokenType> = new Map(
  [...closerOf].map(([open, close]) => [close, open]),
);

function category(name: string, label: string): TokenType {
  return createToken({ name, label, pattern: Lexer.NA });
}

function literal(kind: PlainLiteralKind | "quantity", pattern: string, name: string = kind): TokenType {
  return createToken({
    name: `${name} literal`,
    label: kind,
    pattern: new RegExp(pattern),
    categories: Literal,
  });
}

function mark(image: string, ...categories: TokenType[]): TokenType {
  return createToken({ name: image, label: `\`${image}\``, pattern: image, categories });
}

function wordToken(text: Word, categories: TokenType[]): TokenType {
  return createToken({ name: `word ${text}`, label: `\`${text}\``, pattern: Lexer.NA, categories });
}
