/** YAML 1.2. What a plain scalar is (a number, a truth value, a text) is not guessed here: it is said by the type of its place. */
import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import {
  align,
  checkKeys,
  type EntryNode,
  MAX_DEPTH,
  type Node,
  type TextNode,
  tooDeep,
  Unreadable,
} from "./node.ts";

/** Nodes that aliases may stand for altogether. */
const MAX_ALIASED = 10_000;

export function parseYaml(text: string): Node {
  const tokens = [...new Parser().parse(text)];
  for (const token of tokens) checkDepth(token);
  const documents = [
    ...new Composer({
      version: "1.2",
      schema: "core",
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "silent",
    }).compose(tokens, true, text.length),
  ];
  const [first, second] = documents;
  if (!first) throw new Unreadable("the file is empty", 0, 0);
  for (const { errors } of documents) {
    const [error] = errors;
    if (error) fail(error.message, clamp(error.pos[0], text), clamp(error.pos[1], text), text);
  }
  if (second) {
    const start = clamp(second.range[0], text);
    throw new Unreadable(
      "there is a second document in this file",
      start,
      Math.min(start + 3, text.length),
      "keep one",
    );
  }
  const version = first.directives?.yaml;
  if (version?.explicit && version.version !== "1.2")
    throw new Unreadable("only YAML 1.2 is read", 0, Math.max(text.indexOf("\n"), 0));
  const nowhere = { start: text.length, end: text.length };
  return new Reader(text).node(first.contents as Part | null, nowhere, 0);
}

const clamp = (offset: number, text: string): number => Math.max(0, Math.min(offset, text.length));

function fail(message: string, start: number, end: number, text: string): never {
  const tab = message.startsWith("Tabs");
  const nested = message.startsWith("Nested mappings");
  const help = tab
    ? "indent with blanks"
    : nested
      ? "a text with `: ` in it is put in quotes"
      : /^Plain value cannot start/.test(message)
        ? `put the text in quotes`
        : undefined;
  const unclosed = /(?:end with a|closing) (.)/.exec(message)?.[1];
  const reason = unclosed
    ? `\`${unclosed}\` is missing`
    : `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`.replace(/\n[\s\S]*$/, "");
  throw new Unreadable(reason, start, Math.min(Math.max(end, start + 1), text.length), help);
}

/** Composing goes down with each collection, so they are counted before; the parser itself does not go down. */
function checkDepth(token: CST.Token): void {
  const pending: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const { depth } = at;
    if (depth > MAX_DEPTH) throw tooDeep("offset" in at.token ? at.token.offset : 0);
    const inner: (CST.Token | null | undefined)[] = [];
    if (at.token.type === "document") inner.push(at.token.value);
    else if ("items" in at.token) for (const item of at.token.items) inner.push(item.key, item.value);
    for (const it of inner) if (it) pending.push({ token: it, depth: depth + ("items" in it ? 1 : 0) });
  }
}

type Part = Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed | Alias.Parsed;
interface Place {
  readonly start: number;
  readonly end: number;
}

class Reader {
  readonly #text: string;
  readonly #anchors = new Map<string, Part>();
  #aliased = 0;
  #inAlias = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `otherwise`: the place of something that is not there. */
  node(part: Part | null, otherwise: Place, depth: number): Node {
    if (!part) return { kind: "nothing", ...otherwise };
    const start = clamp(part.range[0], this.#text);
    const end = Math.max(start, clamp(part.range[1], this.#text));
    if (depth > MAX_DEPTH) throw tooDeep(start);
    if (this.#inAlias > 0 && ++this.#aliased > MAX_ALIASED)
      throw new Unreadable(`aliases stand for more than ${MAX_ALIASED} values`, start, end);
    if (isAlias(part)) return this.#alias(part, { start, end }, depth);
    if (part.anchor !== undefined && this.#inAlias === 0) this.#anchors.set(part.anchor, part);
    if (part.tag !== undefined) this.#tag(part.tag, start, end);
    if (isScalar(part)) return this.#scalar(part, start, end);
    if (isSeq(part)) {
      const items = part.items.map((item) =>
        this.node(item as Part | null, { start, end: start }, depth + 1),
      );
      return { kind: "list", items, start, end: this.#trimmed(start, end) };
    }
    if (!isMap(part)) throw new Unreadable("this is no value", start, end);
    const entries = part.items.map(({ key, value }): EntryNode => {
      const name = this.#key(key as Part | null, start);
      return {
        key: name,
        value: this.node(value as Part | null, { start: name.end, end: name.end }, depth + 1),
      };
    });
    checkKeys(entries);
    return { kind: "map", entries, start, end: this.#trimmed(start, end) };
  }

  #key(key: Part | null, start: number): TextNode {
    const node =
      key && isScalar(key)
        ? this.#scalar(key, clamp(key.range[0], this.#text), clamp(key.range[1], this.#text))
        : undefined;
    if (node?.kind === "text") {
      if (node.value === "<<" && !node.quoted)
        throw new Unreadable(
          "`<<` is no longer part of YAML",
          node.start,
          node.end,
          "write the keys out, or make the common part a record in the description",
        );
      return { ...node, quoted: true };
    }
    const at = key ? clamp(key.range[0], this.#text) : start;
    throw new Unreadable("a key is a text", at, Math.min(at + 1, this.#text.length));
  }

  #alias(part: Alias.Parsed, place: Place, depth: number): Node {
    const target = this.#anchors.get(part.source);
    if (!target) throw new Unreadable(`no \`&${part.source}\` before this`, place.start, place.end);
    if (target.range[2] > place.start)
      throw new Unreadable(`\`&${part.source}\` would be in itself`, place.start, place.end);
    this.#inAlias++;
    const node = this.node(target, place, depth + 1);
    this.#inAlias--;
    return node;
  }

  #tag(tag: string, start: number, end: number): never {
    const written = /!\S*\s*$/.exec(this.#text.slice(Math.max(start - 80, 0), start))?.[0];
    const shown = tag.replace(/^tag:yaml\.org,2002:/, "!!");
    const help =
      tag === "!secret"
        ? 'declare it in the description: `secret NAME : … from boot "…"`'
        : tag === "!include"
          ? "a description reads several files: `data` and `text` take a path each"
          : "remove it: what a value is, is said by its type in the description";
    throw new Unreadable(
      `tags like \`${shown}\` mean nothing here`,
      written ? start - written.length : start,
      written ? start - written.length + written.trimEnd().length : end,
      help,
    );
  }

  #scalar(part: Scalar.Parsed, start: number, end: number): Node {
    const value = part.source;
    if (part.type === "PLAIN") {
      if (/^(|~|null|Null|NULL)$/.test(value)) return { kind: "nothing", start, end };
      const offsets = align(this.#text.slice(start, end), value, start);
      return { kind: "text", value, quoted: false, start, end, from: start, offsets };
    }
    const block = part.type === "BLOCK_LITERAL" || part.type === "BLOCK_FOLDED";
    const feed = block ? this.#text.indexOf("\n", start) : -1;
    const from = block ? (feed === -1 ? end : Math.min(feed + 1, end)) : start + 1;
    const source = this.#text.slice(from, block ? end : Math.max(from, end - 1));
    const text = block ? value.replace(/\n$/, "") : value;
    return {
      kind: "text",
      value: text,
      quoted: true,
      start,
      end: this.#trimmed(start, end),
      from,
      offsets: this.#aligned(source, text, from, block),
    };
  }

  /** In a block, each line begins behind its indentation. */
  #aligned(source: string, value: string, from: number, block: boolean): readonly number[] | undefined {
    if (!block) return align(source, value, from);
    const indent = /^ */.exec(source.replace(/^\s*\n/, ""))![0].length;
    const offsets: number[] = [];
    let at = 0;
    for (const unit of value) {
      if (source[at - 1] === "\n" || at === 0)
        while (at < source.length && source[at] === " " && at - source.lastIndexOf("\n", at - 1) <= indent)
          at++;
      for (let n = 0; n < unit.length; n++) offsets.push(from + Math.min(at + n, source.length));
      at += unit.length;
    }
    offsets.push(from + Math.min(at, source.length));
    return offsets;
  }

  /** Without the line feeds at the end. */
  #trimmed(start: number, end: number): number {
    let at = end;
    while (at > start && /\s/.test(this.#text[at - 1]!)) at--;
    return at;
  }
}
