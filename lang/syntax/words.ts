/** The words of the language. Everything else that looks like a word is a name. */

/** Words that are never names. */
export const reserved = [
  "let",
  "fn",
  "type",
  "if",
  "then",
  "else",
  "match",
  "for",
  "in",
  "when",
  "and",
  "or",
  "not",
  "with",
  "include",
  "assert",
  "check",
  "override",
  "default",
  "remove",
  "secret",
  "param",
  "test",
  "where",
  "matches",
  "is",
] as const;

/** Words that are names everywhere but in an expression. */
export const readers = ["file", "dir", "text", "data"] as const;

/** Words that mean something in one place only and are ordinary names in all others. */
export const soft = [
  "appl",
  "use",
  "as",
  "from",
  "boot",
  "sealed",
  "generated",
  "appliance",
  "fragment",
  "target",
  "library",
  "block",
  "module",
  "interface",
  "diagnostic",
  "option",
  "merge",
  "append",
  "union",
  "sum",
  "counted",
  "blocks",
  "one",
  "maybe",
  "needs",
  "offers",
  "signal",
  "ordered",
  "min",
  "choice",
  "part",
  "planned",
  "size",
  "code",
  "query",
  "claims",
  "renamed",
  "removed",
  "deprecated",
] as const;

export type Reserved = (typeof reserved)[number];
export type Reader = (typeof readers)[number];
export type Soft = (typeof soft)[number];
export type Word = Reserved | Reader | Soft;

/** Words that begin an item of a file. At column 1 they end every open block. */
export const declarations = [
  "use",
  "let",
  "fn",
  "type",
  "secret",
  "param",
  "test",
  "appliance",
  "fragment",
  "target",
  "library",
  "block",
  "module",
  "interface",
  "diagnostic",
] as const satisfies readonly Word[];

/** Words that begin a member of a `block` or `module`. */
export const memberWords = [
  "option",
  "blocks",
  "one",
  "maybe",
  "choice",
  "needs",
  "signal",
  "offers",
  "part",
  "size",
  "code",
  "query",
  "claims",
  "renamed",
  "removed",
  "deprecated",
  "let",
  "check",
  "assert",
  "when",
  "for",
] as const satisfies readonly Word[];
