/**
 * The grammar for editors that colour by TextMate's rules: `editors/vscode/syntaxes/appl.tmLanguage.json`, written by `npm run docs`.
 * Its words and literals are the lexer's own.
 */

import { bareLiterals } from "../lang/syntax/tokens.ts";
import { declarations, memberWords, readers, reserved } from "../lang/syntax/words.ts";
import { devices } from "../lang/types/devices.ts";
import { generics, scalars } from "../lang/types/scalars.ts";

interface Rule {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
}

type Captures = Readonly<Record<string, { readonly name: string }>>;

export const grammarPath = "editors/vscode/syntaxes/appl.tmLanguage.json";

const scopes: Readonly<Record<string, string>> = {
  mac: "constant.other.mac-address",
  socket: "constant.other.socket-address",
  prefix: "constant.other.network",
  ip4: "constant.other.ip-address",
  ip6: "constant.other.ip-address",
  hash: "constant.other.hash",
  instant: "constant.other.time",
  date: "constant.other.time",
  timeOfDay: "constant.other.time",
  rate: "constant.numeric.rate",
  quantity: "constant.numeric.quantity",
  dec: "constant.numeric.decimal",
  int: "constant.numeric.integer",
};

/** In the order of the lexer, which is what tells an address from a time. */
function literals(): readonly Rule[] {
  return bareLiterals.map(({ LABEL = "", PATTERN }) => ({
    name: `${scopes[LABEL] ?? "constant.other"}.appl`,
    // a name may have digits in it, and a number follows no name
    match: `(?<![A-Za-z_\\d])(?:${(PATTERN as RegExp).source})`,
  }));
}

const anyOf = (words: readonly string[]): string => `(?<![\\w.])(?:${words.join("|")})\\b`;
const only = (words: readonly string[], others: readonly string[]): readonly string[] =>
  words.filter((word) => !others.includes(word));

const declaring = [...new Set<string>([...declarations, "assert", "check"])];
const control = ["if", "then", "else", "match", "for", "in", "when", "with", "include", "where"];
const operators = ["and", "or", "not", "matches", "is"];
const ranks = ["override", "default", "remove"];
const others = only(reserved, [...declaring, ...control, ...operators, ...ranks]);

/** Words that are names elsewhere count where a declaration or member begins, and has a name behind it. */
const softly = (words: readonly string[]): string => `(^\\s*|[{;]\\s*)(${words.join("|")})(?=\\s+[A-Za-z_"])`;

export function grammar(): string {
  const hole: Rule = {
    name: "meta.interpolation.appl",
    begin: "\\$\\{",
    end: "\\}",
    beginCaptures: { 0: { name: "punctuation.section.interpolation.begin.appl" } },
    endCaptures: { 0: { name: "punctuation.section.interpolation.end.appl" } },
    patterns: [{ include: "#braces" }, { include: "#expression" }],
  };
  const inText: readonly Rule[] = [
    { name: "constant.character.escape.appl", match: "\\\\(?:u\\{[0-9A-Fa-f]+\\}|.)" },
    hole,
  ];
  const repository: Readonly<Record<string, { readonly patterns: readonly Rule[] }>> = {
    comments: {
      patterns: [
        { name: "comment.line.documentation.appl", match: "##.*$" },
        { name: "comment.line.number-sign.appl", match: "#.*$" },
      ],
    },
    texts: {
      patterns: [
        { name: "string.regexp.appl", match: 'r"(?:\\\\.|[^"\\\\])*"?' },
        { name: "string.quoted.triple.appl", begin: '"""', end: '"""', patterns: inText },
        { name: "string.quoted.double.appl", begin: '"', end: '"|$', patterns: inText },
      ],
    },
    literals: { patterns: literals() },
    braces: {
      patterns: [
        { begin: "\\{", end: "\\}", patterns: [{ include: "#braces" }, { include: "#expression" }] },
      ],
    },
    headers: {
      patterns: [
        {
          match: "^\\s*(appl)\\s+(\\d+)",
          captures: {
            1: { name: "keyword.other.edition.appl" },
            2: { name: "constant.numeric.integer.appl" },
          },
        },
        {
          match: "^\\s*(use|library)\\s+([A-Za-z_][\\w/]*)",
          captures: { 1: { name: "keyword.control.import.appl" }, 2: { name: "entity.name.namespace.appl" } },
        },
        {
          match: "^\\s*(appliance|fragment|target|module|interface|block|type|fn)\\s+([A-Za-z_]\\w*)",
          captures: { 1: { name: "keyword.declaration.appl" }, 2: { name: "entity.name.type.appl" } },
        },
        {
          match: "^\\s*(param|secret|let)\\s+([A-Za-z_]\\w*)",
          captures: { 1: { name: "keyword.declaration.appl" }, 2: { name: "variable.other.constant.appl" } },
        },
        {
          match: softly([...new Set<string>([...declaring, ...memberWords])]),
          captures: { 2: { name: "keyword.declaration.appl" } },
        },
      ],
    },
    words: {
      patterns: [
        { name: "keyword.control.appl", match: anyOf(control) },
        { name: "keyword.operator.word.appl", match: anyOf(operators) },
        { name: "storage.modifier.rank.appl", match: anyOf(ranks) },
        {
          name: "keyword.declaration.appl",
          match: anyOf([
            ...only(declaring, [
              "use",
              ...declarations.filter((word) => !(reserved as readonly string[]).includes(word)),
            ]),
            ...others,
          ]),
        },
        { name: "keyword.control.import.appl", match: `(?<![\\w.])(?:${readers.join("|")})(?=\\s+")` },
        { name: "constant.language.appl", match: "(?<![\\w.])(?:true|false|none)\\b" },
        {
          name: "variable.language.appl",
          match: '(?<![\\w.])(?:it|self|label|target)(?=[.\\s)])(?!\\s*[\\w{="])',
        },
        {
          name: "support.type.appl",
          match: `\\b(?:${[...Object.keys(scalars), ...Object.keys(generics), ...devices, "Signal"].join("|")})\\b`,
        },
        { name: "entity.name.type.appl", match: "\\b[A-Z]\\w*\\b" },
        { name: "entity.name.function.appl", match: "\\b[A-Za-z_]\\w*(?=\\()" },
        // the name of a setting, and of a block with or without its label
        { name: "variable.other.property.appl", match: "\\b[A-Za-z_]\\w*(?=\\s*(?:\\+?=(?![=>])))" },
        {
          match: "(?<![\\w.])([A-Za-z_]\\w*)\\s+([A-Za-z_]\\w*)(?=\\s*\\{)",
          captures: { 1: { name: "entity.name.tag.appl" }, 2: { name: "entity.name.label.appl" } },
        },
        {
          name: "entity.name.tag.appl",
          match: '(?<![\\w.])[A-Za-z_]\\w*(?=(?:\\s+(?:"[^"\\n]*"|[\\d.:/]+))?\\s*\\{)',
        },
      ],
    },
    marks: {
      patterns: [
        { name: "keyword.operator.appl", match: "=>|->|\\+=|\\+\\+|[=!<>]=|\\.\\.|[=<>+*/%|?-]" },
        { name: "punctuation.separator.appl", match: "[,;:]" },
      ],
    },
    expression: {
      patterns: ["comments", "texts", "literals", "words", "marks"].map((name) => ({ include: `#${name}` })),
    },
  };
  const patterns = [{ include: "#comments" }, { include: "#headers" }, { include: "#expression" }];
  return `${JSON.stringify({ name: "appl", scopeName: "source.appl", fileTypes: ["appl"], patterns, repository }, null, 2)}\n`;
}
