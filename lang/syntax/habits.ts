/** What people write who come from other languages, and what it is here. */
import { endOf, isA, isReserved, NameToken, StringToken, type Token } from "./tokens.ts";

/** What is expected behind the name and labels of a setting. */
export const NO_VALUE = "`=` or `{`";

/** Said where nothing more is known of what was meant. */
export const GENERAL_HELP = "a setting begins with its name: `name = value`";
const LABEL_HELP = "a label with other characters than letters, digits and `_` is written in quotes";

/** Of a secret. */
export const SOURCE_HELP =
  'each machine is given it when it starts: `from boot "wifi/psk"`; or it is made there: `from generated "wifi/psk"`';

/** Help that is no use where the name before is unknown. */
export const isGeneral = (help: string): boolean => help === GENERAL_HELP || help.startsWith(LABEL_HELP);

/** Where something else was expected. */
export interface Surprise {
  readonly token: Token;
  readonly tokens: readonly Token[];
  readonly text: string;
  readonly expected: string;
}

/** What was meant, if that can be told. */
export function habit({ token, tokens, text, expected }: Surprise): string | undefined {
  const previous = tokens[token.index - 1];
  const close = previous !== undefined && endOf(previous) === token.startOffset;
  const { image } = token;
  if (expected === NO_VALUE && previous) {
    const begins = isFirst(previous, tokens);
    const whole = /^[\w.@-]+/.exec(text.slice(previous.startOffset, previous.startOffset + 100))?.[0] ?? "";
    if (isReserved(token)) return `a label that is a word of the language is written in quotes: "${image}"`;
    if (image === "-" && close && begins)
      return `names have \`_\` in the place of \`-\`: \`${whole.replaceAll("-", "_")}\``;
    if ((image === "-" || image === ".") && close && isA(previous, NameToken))
      return `${LABEL_HELP}: "${whole}"`;
    if (image === "=>") return "a pair is written `a -> b = …`, an entry `KEY = …`";
    if (image === ":" || image === "==") return "a setting is written `name = value`";
  }
  if (expected === "`=>`" && /^[;,}]$/.test(image)) return "a list stands in square brackets: `[a, b]`";
  if (expected.startsWith("`from` and")) return SOURCE_HELP;
  if (image === ">=" && expected === "`>`") return "put a blank between `>` and `=`";
  if (image === "-" && close) return 'names with `-` are written in quotes: "two-words"';
  if (image === "?") return "a choice is written `if … then … else …`";
  if (image === ":" && previous && expected.startsWith("a declaration"))
    return "a function is declared in a line of its own: `fn twice(n: Int) -> Int = n * 2`";
  if (token.tokenType === StringToken && expected === "a setting")
    return "the name of a block or setting stands without quotes";
  if ((image === "if" || image === "match") && expected === "a value")
    return `put the whole \`${image} …\` in parentheses`;
  if (image === "=" && previous?.leads && isReserved(previous))
    return `\`${previous.image}\` is a word of the language, so no setting has this name`;
  if (image === "." && previous?.image === "..") return "a range is written with two dots: `1..5`";
  return undefined;
}

/** The token is the first of a setting. */
function isFirst(token: Token, tokens: readonly Token[]): boolean {
  return token.leads || /^[{;,]$/.test(tokens[token.index - 1]?.image ?? "");
}

/** Declarations of other languages. */
const foreign: Readonly<Record<string, string>> = {
  variable: 'a value that whoever builds chooses is a param: `param name : Str = "…"`',
  var: "write `let name = …`",
  const: "write `let name = …`",
  val: "write `let name = …`",
  locals: "write a `let name = …` for each",
  local: "write `let name = …`",
  import: 'a library is brought in with `use std/net`, another file with `use "./common.appl"`',
  imports: 'a library is brought in with `use std/net`, another file with `use "./common.appl"`',
  include:
    'another file is brought in with `use "./common.appl"`; `include` stands in an appliance, before the name of a fragment',
  require: 'a library is brought in with `use std/net`, another file with `use "./common.appl"`',
  from: 'a library is brought in with `use std/net`, another file with `use "./common.appl"`',
  packages: 'another file is brought in with `use "./common.appl"`',
  function: "write `fn name(n: Int) -> Int = …`",
  func: "write `fn name(n: Int) -> Int = …`",
  def: "write `fn name(n: Int) -> Int = …`",
  substitutions: "write a `let name = …` for each, or a `param`",
  resource: "write the block into `appliance NAME { … }`",
  output: "write the block into `appliance NAME { … }`",
};

/** Declarations with a body in braces. */
const withBody: readonly string[] = [
  "appliance",
  "fragment",
  "target",
  "test",
  "block",
  "module",
  "interface",
];

/** What to say of a word that begins no declaration: the ones that it may be meant for, or help. */
export function habitOfDeclaration(
  token: Token,
  tokens: readonly Token[],
  known: readonly string[],
): { readonly words: readonly string[]; readonly help?: string } {
  if (Object.hasOwn(foreign, token.image)) return { words: [], help: foreign[token.image]! };
  if (!hasBody(token, tokens)) return { words: known };
  return {
    words: withBody,
    help: `blocks stand in an appliance: \`appliance NAME { ${token.image} … }\``,
  };
}

/** Its line goes on with names or texts, and then a brace. */
function hasBody(token: Token, tokens: readonly Token[]): boolean {
  for (let index = token.index + 1; index < tokens.length; index++) {
    const next = tokens[index]!;
    if (next.leads) return false;
    if (next.image === "{") return true;
    if (!isA(next, NameToken) && next.tokenType !== StringToken) return false;
  }
  return false;
}
