// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${` is of this language, not of TypeScript
/** E00xx: text that does not read as the language. */
import { type Help, kind } from "../diagnostic.ts";
import { didYouMean } from "../nearest.ts";

/** Programmers of other languages write these; what it is called here. */
const foreign: Readonly<Record<string, string>> = {
  "&&": "write `and`",
  "&": "write `and`",
  "||": "write `or`",
  "!": "write `not`",
  "'": 'texts are written in double quotes: "…"',
  "`": 'texts are written in double quotes: "…"',
  "“": 'write the plain quote `"`',
  "”": 'write the plain quote `"`',
  "„": 'write the plain quote `"`',
  "‘": 'write the plain quote `"`',
  "’": 'write the plain quote `"`',
  "–": "write `-`, the plain minus",
  "—": "write `-`, the plain minus",
  "→": "write `->`",
  "⇒": "write `=>`",
  "≤": "write `<=`",
  "≥": "write `>=`",
  "≠": "write `!=`",
  $: '`$` means something in texts only: "${name}"',
  "@": 'names with signs are written in quotes: "@"',
  "\\": "lines need no mark to go on",
  "\u00a0": "this is a no-break space: write a plain one",
};

const invisible: Readonly<Record<number, string>> = {
  8206: "left-to-right mark",
  8207: "right-to-left mark",
  8234: "left-to-right embedding",
  8235: "right-to-left embedding",
  8236: "pop directional formatting",
  8237: "left-to-right override",
  8238: "right-to-left override",
  8294: "left-to-right isolate",
  8295: "right-to-left isolate",
  8296: "first strong isolate",
  8297: "pop directional isolate",
};

const codePoint = (code: number) => `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;

export const syntax = {
  E0001: kind<{ expected: string; after: string | undefined; found: string; help?: string | undefined }>({
    title: "Something else is expected here",
    text: ({ expected, after }) => `expected ${expected}${after ? ` after ${after}` : ""}`,
    label: ({ found }) => `found ${found}`,
    help: ({ help }) => help,
  }),

  E0002: kind<{ text: string; word: boolean; help?: string }>({
    title: "A character without a meaning",
    text: ({ text, word }) =>
      word
        ? `names are written with the letters a-z and A-Z, digits and \`_\``
        : `\`${text}\` means nothing in this language`,
    label: ({ text, word }) =>
      word ? `\`${text}\` has others` : /^[!-~]/.test(text) ? "" : codePoint(text.codePointAt(0) ?? 0),
    help: ({ text, word, help }) =>
      help ?? (word ? "a label with other characters goes in quotes" : foreign[text]),
  }),

  E0003: kind<{ open: string; byIndentation: boolean; help: Help }>({
    title: "A bracket is not closed",
    text: ({ open }) => `this \`${open}\` is not closed`,
    label: ({ byIndentation }) =>
      byIndentation ? "opened here, as far as the indentation shows" : "opened here",
    help: ({ help }) => help,
    note: () => "the rest of the file was checked as if it were there",
  }),

  E0004: kind<{ close: string; open: string; help: Help | undefined }>({
    title: "A bracket closes nothing",
    text: ({ close, open }) => `this \`${close}\` has no \`${open}\``,
    label: () => "closes nothing",
    help: ({ help, close }) => help ?? `remove this \`${close}\`, or add what it should close`,
  }),

  E0005: kind<{ what: "text" | "hole" | "regex"; quotes: number }>({
    title: "A text is not closed",
    text: ({ what }) =>
      what === "hole"
        ? "this `${` has no `}`"
        : `this ${what === "text" ? "text" : "regular expression"} has no closing quote`,
    label: ({ what, quotes }) =>
      what === "hole"
        ? "opened here"
        : quotes === 3
          ? "opened here, and not closed in the rest of the file"
          : "opened here, and not closed on this line",
    help: ({ what, quotes }) =>
      what === "hole"
        ? "add `}`, or write `\\${` for the two characters themselves"
        : quotes === 3
          ? 'add `"""`'
          : what === "text"
            ? 'add `"`; a text of several lines stands between `"""` and `"""`'
            : 'add `"`; a quote in a regular expression is written `\\"`',
  }),

  E0006: kind<{ sequence: string }>({
    title: "Not an escape",
    text: ({ sequence }) => `\`${sequence}\` has no meaning in a text`,
    label: ({ sequence }) => (sequence.startsWith("\\u") ? "not a character" : "not an escape"),
    help: ({ sequence }) =>
      sequence.startsWith("\\u")
        ? "write the character's number as `\\u{e9}`"
        : 'for a backslash write `\\\\`; for a regular expression write r"…"',
    note: () => 'escapes: \\n \\r \\t \\\\ \\" \\$ \\u{…}',
  }),

  E0007: kind<{ byte: number; binary: boolean }>({
    title: "Not UTF-8",
    text: ({ binary }) => (binary ? "this is not a text file" : "this is not UTF-8"),
    label: ({ byte, binary }) =>
      binary ? "" : `the byte 0x${byte.toString(16).padStart(2, "0")} begins no character`,
    help: () => "save the file as UTF-8",
  }),

  E0008: kind<{ edit: Help["edit"] }>({
    title: "The first line is missing",
    text: () => "the first line must say which edition of the language this is: `appl 1`",
    help: ({ edit }) => ({ text: "write `appl 1` as the first line", ...(edit && { edit }) }),
  }),

  E0009: kind<{ edition: string }>({
    title: "Unknown edition of the language",
    text: ({ edition }) => `this compiler does not know edition ${edition} of the language`,
    label: () => "the newest known edition is 1",
    help: ({ edition }) =>
      /^[1-9]\d*$/.test(edition) ? "use a newer compiler, or write `appl 1`" : "write `appl 1`",
  }),

  E0010: kind<{ word: string; expected: string }>({
    title: "A word of the language",
    text: ({ word, expected }) => `\`${word}\` is a word of the language, so it cannot be ${expected}`,
    label: () => "not a name",
    help: ({ word, expected }) =>
      word === "let" && expected === "a value"
        ? "a `let` is a line of its own, before what uses its name"
        : expected === "a value"
          ? `write "${word}" in quotes if a text is meant`
          : "choose another name",
  }),

  E0011: kind<{ limit: number }>({
    title: "Nested too deeply",
    text: ({ limit }) => `this is nested or chained more than ${limit} deep`,
    help: () => "name a part of it with `let`",
  }),

  E0012: kind<{ form: string }>({
    title: "Not in normal form",
    text: () => "this character is written as several that only look like one",
    label: ({ form }) => `in normal form (NFC) it is \`${form}\``,
    help: () => "save the file in Unicode normal form C: two texts that look the same must be the same",
  }),

  E0013: kind<{ code: number }>({
    title: "An invisible character",
    text: ({ code }) =>
      `a file may not contain ${codePoint(code)}${invisible[code] ? `, ${invisible[code]}` : ", a control character"}`,
    label: ({ code }) => (invisible[code] ? "makes text look different from what it is" : "not visible"),
    help: ({ code }) => `remove it; in a text it can be written \`\\u{${code.toString(16)}}\``,
  }),

  E0014: kind<{ limit: string }>({
    title: "The file is too long",
    text: ({ limit }) => `a file may not be longer than ${limit}`,
    help: () => "keep long lists in a file of their own and read it with `data`",
  }),

  E0015: kind<{ expected: string; word: string; words: readonly string[]; help?: string | undefined }>({
    title: "Not a word that can stand here",
    text: ({ word }) => `\`${word}\` cannot begin anything here`,
    label: ({ expected }) => `expected ${expected}`,
    help: ({ word, words, help }) => didYouMean(word, words) ?? help,
  }),
} as const;
