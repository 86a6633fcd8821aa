/** What other languages have and this one has not, by the names that people try; and what to write instead. */
import type { Help } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { bare, type Type } from "../types/type.ts";
import { wordsOf } from "./words-of.ts";

const settings: Readonly<Record<string, string>> = {
  enable: "what is written is there: leave this out, or put the block under `when`",
  enabled: "what is written is there: leave this out, or put the block under `when`",
  count: "for several of them: `for n in 1..3 { BLOCK (n) { … } }`",
  for_each: "for several of them: `for x in xs { BLOCK (x) { … } }`",
  depends_on: "what depends on what follows from who names whom: leave this out",
  imports: 'another file is brought in with `use "./common.appl"`, and its fragments with `include`',
  import: 'another file is brought in with `use "./common.appl"`, and its fragments with `include`',
  use: "`use` stands outside of all blocks, at the start of a line",
  inherit: "say it by its name: `name = value`",
  rec: "names are declared with `let`, outside of the block",
  provider: "what images are made for is said by `target NAME { board = … }`",
};

/** A setting that no block here could have. */
export const habitOfSetting = (name: string): string | undefined =>
  Object.hasOwn(settings, name) ? settings[name] : undefined;

const ranks: Readonly<Record<string, string>> = {
  mkForce: "override",
  mkOverride: "override",
  mkDefault: "default",
  mkIf: "when",
};

const objects: Readonly<Record<string, string>> = {
  lib: "there is no `lib`: ranks are words before a setting, `default rate = 50/s`, `override rate = 10/s`",
  config: "settings are the result of a description: what is to be used twice is a `let`, or a `param`",
  var: "a param goes by its own name: `param size : Int = 3`, and then `size`",
  local: "a `let` goes by its own name",
  self: "settings are the result of a description: what is to be used twice is a `let`",
  each: "in `for x in xs { … }` it goes by its own name, `x`",
  data: 'what is in a file is read with `data "./hosts.csv" : List<…>`',
};

const together = 'texts and lists are put together with `++`, or values in a text: `"${a}-${b}"`';
const asText = 'a value becomes a text in a text: `"${value}"`';
const fetched =
  "nothing is fetched while an image is made: put the file into the project, and read it with `file` or `data`";

const functions: Readonly<Record<string, string>> = {
  concat: together,
  format: together,
  printf: together,
  sprintf: together,
  str: asText,
  string: asText,
  toString: asText,
  to_string: asText,
  tostring: asText,
  readFile: 'the text of a file is `text "./name.txt"`, the file itself `file "./name.bin"`',
  fetch: fetched,
  fetchurl: fetched,
  fetchTarball: fetched,
};

/** A function that there is not. */
export const habitOfFunction = (name: string): string | undefined =>
  Object.hasOwn(functions, name) ? functions[name] : undefined;

const environment = /^(env|ENV|environ|process|os|getenv|builtins)$/;

/** A name that nothing has; `path` is the name with what stands behind it in points. */
export function habitOfName(name: string, path: string): string | undefined {
  const [, first] = path.split(".");
  if (environment.test(name)) {
    const param = first ?? "name";
    return `a description cannot see the environment: declare \`param ${param} : Str\`, and build with \`-p ${param}=…\``;
  }
  for (const word of [name, ...path.split(".").slice(1)]) {
    const rank = Object.hasOwn(ranks, word) ? ranks[word] : undefined;
    if (rank === "when") return "write `when CONDITION { … }` around the block";
    if (rank) return `write \`${rank}\` before the setting: \`${rank} name = value\``;
  }
  return Object.hasOwn(objects, name) ? objects[name] : undefined;
}

const yes = ["true", "yes", "on", "enabled", "True", "Yes", "On", "TRUE", "YES", "ON"];
const no = ["false", "no", "off", "disabled", "False", "No", "Off", "FALSE", "NO", "OFF"];
const nothing = ["null", "nil", "None", "NULL", "undefined", "nothing"];

/** `yes` where `true` is wanted, `false` where `off` is, `null` where `none` is. */
export function habitOfWord({ text, span }: { text: string; span: Span }, type: Type): Help | undefined {
  const write = (word: string): Help => ({
    text: `write \`${word}\``,
    edit: { span, text: word, safe: true },
  });
  const it = bare(type);
  const words = isBool(it) ? ["true", "false"] : wordsOf(it);
  for (const same of [yes, no]) {
    const word = same.includes(text) ? words.find((each) => same.includes(each)) : undefined;
    if (word) return write(word);
  }
  const none = it.kind === "optional" || words.includes("none");
  if (none && nothing.includes(text)) return write("none");
  return it.kind === "optional" ? habitOfWord({ text, span }, it.inner) : undefined;
}

function isBool(type: Type): boolean {
  return type.kind === "scalar" && type.name === "Bool";
}

/** `1-9` where a range is meant. */
export function rangeWithMinus(expr: ast.Expr, textOf: (span: Span) => string): Help | undefined {
  if (expr.kind !== "binary" || expr.operator !== "-") return undefined;
  const { left, right } = expr;
  if (left.kind !== right.kind || (left.kind !== "int" && left.kind !== "ip4" && left.kind !== "ip6"))
    return undefined;
  const text = `${textOf(left.span)}..${textOf(right.span)}`;
  return { text: `a range is written \`${text}\``, edit: { span: expr.span, text } };
}
