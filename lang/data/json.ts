/** JSON (RFC 8259), strictly: with its mistakes told as people make them. */
import {
  checkKeys,
  type EntryNode,
  type ListNode,
  MAX_DEPTH,
  type MapNode,
  type Node,
  type NumberNode,
  type TextNode,
  tooDeep,
  Unreadable,
} from "./node.ts";

export function parseJson(text: string): Node {
  const parser = new JsonParser(text);
  const node = parser.value(0);
  parser.end();
  return node;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const words: Readonly<Record<string, string>> = {
  True: "true",
  False: "false",
  TRUE: "true",
  FALSE: "false",
  None: "null",
  nil: "null",
  undefined: "null",
  yes: "true",
  no: "false",
};

class JsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#fail("there is more behind the value", 1);
  }

  value(depth: number): Node {
    this.#skip();
    const start = this.#at;
    const character = this.#text[start];
    switch (character) {
      case "{":
        return this.#map(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#string();
      case undefined:
        throw new Unreadable(
          start === 0 ? "the file is empty" : "the file ends where a value is expected",
          start,
          start,
        );
      default:
        return /[-+.\d]/.test(character) ? this.#number() : this.#word();
    }
  }

  #map(depth: number): MapNode {
    const start = this.#at;
    const entries: EntryNode[] = [];
    this.#items("}", depth, () => {
      if (this.#text[this.#at] !== '"') {
        const name = /^[\w$-]+/.exec(this.#text.slice(this.#at, this.#at + 100))?.[0];
        this.#fail("a key in double quotes is expected", name?.length ?? 1, name && `write \`"${name}"\``);
      }
      const key = this.#string();
      this.#skip();
      if (this.#text[this.#at] !== ":") this.#fail(`\`:\` is expected behind the key \`${key.value}\``, 1);
      this.#at++;
      entries.push({ key, value: this.value(depth + 1) });
    });
    checkKeys(entries);
    return { kind: "map", entries, start, end: this.#at };
  }

  #list(depth: number): ListNode {
    const start = this.#at;
    const items: Node[] = [];
    this.#items("]", depth, () => items.push(this.value(depth + 1)));
    return { kind: "list", items, start, end: this.#at };
  }

  /** From an opening bracket to its partner, with `,` between items. */
  #items(close: string, depth: number, item: () => void): void {
    const opened = this.#at++;
    if (depth >= MAX_DEPTH) throw tooDeep(opened);
    this.#skip();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#skip();
      const character = this.#text[this.#at];
      if (character === close) {
        this.#at++;
        return;
      }
      if (character === undefined)
        throw new Unreadable(`this \`${this.#text[opened]}\` is not closed`, opened, opened + 1);
      if (character !== ",") this.#fail(`\`,\` or \`${close}\` is expected`, 1);
      const comma = this.#at++;
      this.#skip();
      if (this.#text[this.#at] === close)
        throw new Unreadable(`nothing follows this comma`, comma, comma + 1, "remove the comma");
    }
  }

  #string(): TextNode {
    const start = this.#at++;
    let value = "";
    const offsets: number[] = [];
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || character === "\n" || character === "\r")
        throw new Unreadable(
          "this text is not closed",
          start,
          this.#at,
          character === undefined ? undefined : "a line feed in a text is written `\\n`",
        );
      const at = this.#at;
      if (character === '"') break;
      if (character === "\\") value += this.#escape();
      else {
        value += character;
        this.#at++;
      }
      offsets.push(at);
    }
    offsets.push(this.#at++);
    const plain = this.#at - start - 2 === value.length;
    const place = { start, end: this.#at, from: start + 1, offsets: plain ? undefined : offsets };
    return { kind: "text", value, quoted: true, ...place };
  }

  /** One code unit. */
  #escape(): string {
    const at = this.#at;
    const letter = this.#text[at + 1] ?? "";
    const digits = /^u([0-9A-Fa-f]{4})/.exec(this.#text.slice(at + 1, at + 6));
    const unit = digits ? String.fromCharCode(Number.parseInt(digits[1]!, 16)) : escapes[letter];
    if (unit === undefined || (letter === "u" && !digits))
      throw new Unreadable(
        `\`\\${letter}\` stands for no character`,
        at,
        at + 2,
        "a backslash itself is written `\\\\`",
      );
    this.#at += digits ? 6 : 2;
    return unit;
  }

  #number(): NumberNode {
    const start = this.#at;
    const rest = this.#text.slice(start, start + MAX_NUMBER + 1);
    const written = /^[-+.\w]+/.exec(rest)![0];
    if (written.length > MAX_NUMBER) this.#fail("this number has too many digits", written.length);
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(written))
      this.#fail("this is not a number", written.length, this.#numberHelp(written));
    this.#at += written.length;
    return { kind: "number", raw: written, start, end: this.#at };
  }

  #numberHelp(written: string): string | undefined {
    if (/^\+\d/.test(written)) return "numbers have no `+` before them";
    if (/^-?0\d/.test(written)) return "numbers do not begin with `0`";
    if (/^-?\.\d/.test(written)) return "write a digit before the point";
    return /^\d/.test(written) ? `everything but plain numbers is in quotes: \`"${written}"\`` : undefined;
  }

  #word(): Node {
    const start = this.#at;
    const word = /^[\w$]+/.exec(this.#text.slice(start, start + 100))?.[0] ?? "";
    const end = start + word.length;
    this.#at = end;
    if (word === "true" || word === "false") return { kind: "bool", value: word === "true", start, end };
    if (word === "null") return { kind: "nothing", start, end };
    this.#at = start;
    const instead = words[word];
    const quote = this.#text[start] === "'" ? "texts are in double quotes" : undefined;
    const help = instead
      ? `write \`${instead}\``
      : word === ""
        ? quote
        : `texts are in quotes: \`"${word}"\``;
    return this.#fail("a value is expected", Math.max(word.length, 1), help);
  }

  #skip(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
    const character = this.#text[this.#at];
    if (character === "#" || this.#text.startsWith("//", this.#at) || this.#text.startsWith("/*", this.#at))
      this.#fail("JSON has no comments", character === "#" ? 1 : 2, "remove it, or use YAML or TOML");
  }

  #fail(reason: string, length: number, help?: string): never {
    throw new Unreadable(reason, this.#at, Math.min(this.#at + length, this.#text.length), help);
  }
}

const MAX_NUMBER = 60;
