/** TOML 1.0. */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import {
  align,
  type EntryNode,
  type ListNode,
  MAX_DEPTH,
  type MapNode,
  type Node,
  type TextNode,
  tooDeep,
  Unreadable,
} from "./node.ts";

export function parseToml(text: string): MapNode {
  checkDepth(text);
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: "1.0.0" });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const at = Math.min(error.index, text.length);
    const { reason, help } = inOurWords(error.message, text.slice(at, at + 40));
    throw new Unreadable(reason, at, Math.min(at + 1, text.length), help);
  }
  const root = new Growing(0);
  for (const item of program.body[0].body) {
    if (item.type === "TOMLKeyValue") assign(root, item, text, 0);
    else {
      const table = tableOf(root, item, text);
      for (const inner of item.body) assign(table, inner, text, item.key.keys.length);
    }
  }
  return { ...mapOf(root), start: 0, end: text.length };
}

function inOurWords(message: string, rest: string): { readonly reason: string; readonly help?: string } {
  const word = /^[A-Za-z_]\w*/.exec(rest)?.[0];
  switch (message) {
    case "Unspecified values are invalid":
      return { reason: "a value is expected" };
    case "Unexpected character":
      return word
        ? { reason: "a value is expected", help: `texts are in quotes: \`"${word}"\`` }
        : { reason: "nothing that TOML knows begins like this" };
    case "Defining a key multiple times is invalid":
      return { reason: "this key has been given before" };
    case "Unterminated string constant":
      return { reason: "this text is not closed" };
    default:
      return { reason: `${message.slice(0, 1).toLowerCase()}${message.slice(1)}` };
  }
}

/** The parser goes down with each bracket, so they are counted before. */
function checkDepth(text: string): void {
  let depth = 0;
  const piece = /"""(?:[^\\]|\\[\s\S])*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}]/g;
  for (const { 0: found, index } of text.matchAll(piece)) {
    if (found === "[" || found === "{") depth++;
    else if (found === "]" || found === "}") depth = Math.max(depth - 1, 0);
    if (depth > MAX_DEPTH) throw tooDeep(index);
  }
}

/** A table that further lines may add to. */
class Growing {
  readonly entries = new Map<string, { readonly key: TextNode; value: Node | Growing | Growing[] }>();
  readonly start: number;
  end: number;

  constructor(start: number) {
    this.start = start;
    this.end = start;
  }
}

type Key = AST.TOMLBare | AST.TOMLQuoted;

function keyNode(key: Key, text: string): TextNode {
  const [start, end] = key.range;
  const value = key.type === "TOMLBare" ? key.name : key.value;
  const from = key.type === "TOMLBare" ? start : start + 1;
  const source = text.slice(from, key.type === "TOMLBare" ? end : end - 1);
  return { kind: "text", value, quoted: true, start, end, from, offsets: align(source, value, from) };
}

function inner(table: Growing, key: TextNode): Growing {
  const known = table.entries.get(key.value)?.value;
  if (known instanceof Growing) return known;
  if (Array.isArray(known)) return known.at(-1)!;
  const made = new Growing(key.start);
  table.entries.set(key.value, { key, value: made });
  return made;
}

/** The table that a line `[a.b]` or `[[a.b]]` begins. */
function tableOf(root: Growing, { key, kind, range }: AST.TOMLTable, text: string): Growing {
  const keys = key.keys.map((it) => keyNode(it, text));
  if (keys.length > MAX_DEPTH) throw tooDeep(range[0]);
  const last = keys.pop()!;
  let table = root;
  for (const each of keys) table = inner(table, each);
  if (kind !== "array") {
    const made = inner(table, last);
    made.end = range[1];
    return made;
  }
  const made = new Growing(range[0]);
  made.end = range[1];
  const known = table.entries.get(last.value)?.value;
  if (Array.isArray(known)) known.push(made);
  else table.entries.set(last.value, { key: last, value: [made] });
  return made;
}

function assign(table: Growing, { key, value }: AST.TOMLKeyValue, text: string, depth: number): void {
  const keys = key.keys.map((it) => keyNode(it, text));
  if (keys.length + depth > MAX_DEPTH) throw tooDeep(key.range[0]);
  const last = keys.pop()!;
  let at = table;
  for (const each of keys) at = inner(at, each);
  at.entries.set(last.value, { key: last, value: nodeOf(value, text, depth + keys.length + 1) });
  at.end = Math.max(at.end, value.range[1]);
}

function mapOf(table: Growing): MapNode {
  const entries = [...table.entries.values()].map(({ key, value }): EntryNode => {
    if (value instanceof Growing) return { key, value: mapOf(value) };
    if (!Array.isArray(value)) return { key, value };
    const items = value.map(mapOf);
    return { key, value: { kind: "list", items, start: items[0]!.start, end: items.at(-1)!.end } };
  });
  return { kind: "map", entries, start: table.start, end: Math.max(table.end, table.start) };
}

function nodeOf(value: AST.TOMLContentNode, text: string, depth: number): Node {
  const [start, end] = value.range;
  switch (value.type) {
    case "TOMLArray": {
      const items = value.elements.map((item) => nodeOf(item, text, depth + 1));
      return { kind: "list", items, start, end } satisfies ListNode;
    }
    case "TOMLInlineTable": {
      const table = new Growing(start);
      for (const item of value.body) assign(table, item, text, depth);
      return { ...mapOf(table), start, end };
    }
    case "TOMLValue":
      return scalarOf(value, text);
  }
}

function scalarOf(value: AST.TOMLValue, text: string): Node {
  const [start, end] = value.range;
  const raw = text.slice(start, end);
  switch (value.kind) {
    case "boolean":
      return { kind: "bool", value: value.value, start, end };
    case "integer":
      return {
        kind: "number",
        raw: /^0[ob]/.test(raw) ? String(value.bigint) : raw.replace(/^\+/, ""),
        start,
        end,
      };
    case "float":
      return { kind: "number", raw: raw.replace(/^\+/, ""), start, end };
    case "string": {
      const quotes = value.multiline ? 3 : 1;
      const newline = value.multiline ? (/^\r?\n/.exec(raw.slice(quotes))?.[0].length ?? 0) : 0;
      const from = start + quotes + newline;
      const offsets = align(text.slice(from, end - quotes), value.value, from);
      return { kind: "text", value: value.value, quoted: true, start, end, from, offsets };
    }
    default:
      return {
        kind: "text",
        value: raw.replace(" ", "T"),
        quoted: false,
        start,
        end,
        from: start,
        offsets: undefined,
      };
  }
}
