/** Comments, texts and tags of other languages: each is told once and passed over as a whole. */

/** After so many characters nobody looks further for the end of a text. */
const MAX_LENGTH = 4000;

const line = /\/\/[^\r\n]*/y;
const tag = /!(?:secret|include|lambda|env_var|extend)\b[^\r\n;,{}[\]]*/y;
const opening = /<<[-~]?["']?([A-Za-z_]\w*)["']?(?=[ \t]*\r?\n)/y;

/** For chevrotain: what stands at the offset, if it is one of these. */
export function scanForeign(text: string, offset: number): [string] | null {
  const found = at(line, text, offset) ?? at(tag, text, offset);
  if (found) return [found[0].trimEnd()];
  if (text.startsWith("/*", offset)) return [comment(text, offset)];
  const heredoc = at(opening, text, offset);
  return heredoc && [withBody(text, offset, heredoc[0], heredoc[1]!)];
}

function at(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

/** Without an end near by, only its line. */
function comment(text: string, offset: number): string {
  const near = text.slice(offset, offset + MAX_LENGTH);
  const end = near.indexOf("*/", 2);
  return end < 0 ? /^[^\r\n]*/.exec(near)![0] : near.slice(0, end + 2);
}

/** `<<EOT`, the lines, and the `EOT` that ends them. */
function withBody(text: string, offset: number, head: string, word: string): string {
  const near = text.slice(offset, offset + MAX_LENGTH);
  const end = new RegExp(`\\n[ \\t]*${word}(?!\\w)`).exec(near);
  return end ? near.slice(0, end.index + end[0].length) : head;
}

/** How it is called in a message, and what to write here. */
export function habitOfForeign(text: string): { readonly shown: string; readonly help: string } {
  const [, name = "name"] = /^!secret\s+([A-Za-z_]\w*)/.exec(text) ?? [];
  if (text.startsWith("//")) return { shown: "//", help: "a comment begins with `#`" };
  if (text.startsWith("/*")) return { shown: "/*", help: "a comment begins with `#`, on each of its lines" };
  if (text.startsWith("<<"))
    return { shown: /^\S+/.exec(text)![0], help: 'a text of several lines stands between `"""` and `"""`' };
  if (text.startsWith("!secret"))
    return {
      shown: "!secret",
      help: `declare it once, outside of the blocks, and write its name here:\nsecret ${name} : … from boot "${name}"\n... = ${name}`,
    };
  const [shown] = /^!\w+/.exec(text)!;
  return shown === "!include"
    ? {
        shown,
        help: 'another file is brought in with `use "./common.appl"`, or read with `text`, `data` or `file`',
      }
    : { shown, help: "there are no tags: what a value is, its place says" };
}
