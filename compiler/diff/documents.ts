/** The objects of a build as they are read again: docs/architecture.md section 6. They may come from anywhere, so nothing of them is believed. */
import { type Digest, isDigest } from "../store/digest.ts";
import { either, fail, fields, flag, listOf, maybe, oneOf, type Read, text, tuple, whole } from "./shape.ts";

export const digest: Read<Digest> = (value) => {
  const read = text(value);
  return isDigest(read) ? read : fail();
};

const pairs = listOf(tuple<readonly [string, string]>(text, text));

const module = fields({
  name: text,
  iface: digest,
  parts: listOf(text),
  needs: pairs,
  code: maybe(digest),
  config: listOf(digest),
});

const file = fields({ path: text, digest, size: whole });
const secret = fields({ name: text, type: text, from: text });

export const recipe = fields({
  appl: oneOf("recipe@1"),
  name: text,
  target: text,
  toolchain: digest,
  board: digest,
  params: pairs,
  modules: listOf(module),
  shared: listOf(fields({ name: text, code: digest })),
  files: listOf(file),
  trees: listOf(fields({ path: text, digest })),
  secrets: listOf(secret),
});

export const toolchain = fields({
  appl: oneOf("toolchain@1"),
  compiler: text,
  versions: pairs,
  isa: text,
  options: listOf(text),
});

export const board = fields({ appl: oneOf("board@1"), fields: pairs });

const row = tuple<readonly [string, "option" | "block" | "order", string | readonly string[]]>(
  text,
  oneOf("option", "block", "order"),
  either(text, listOf(text)),
);
export const config = fields({ appl: oneOf("config@1"), module: text, rows: listOf(row) });

export const code = fields({
  appl: oneOf("code@1"),
  files: listOf(tuple<readonly [string, Digest]>(text, digest)),
});

const option = fields({ name: text, type: text, default: maybe(text), merge: maybe(text) });
const inner = fields({
  name: text,
  count: text,
  min: whole,
  ordered: flag,
  of: maybe(text),
  block: text,
});
const block = fields({ name: text, label: maybe(text), options: listOf(option), blocks: listOf(inner) });
export const iface = fields({
  appl: oneOf("iface@1"),
  name: text,
  many: flag,
  block,
  blocks: listOf(block),
  types: listOf(fields({ name: text, type: text, fields: listOf(option), arms: listOf(text) })),
  needs: listOf(fields({ name: text, interface: text })),
  offers: listOf(text),
  parts: listOf(fields({ name: text, when: text })),
  queries: listOf(fields({ name: text, type: text })),
});

export const contents = fields({
  appl: oneOf("contents@1"),
  code: digest,
  snapshot: digest,
  frame: digest,
});

export const functions = fields({
  appl: oneOf("functions@1"),
  modules: listOf(
    tuple<readonly [string, readonly (readonly [string, number, string])[]]>(
      text,
      listOf(tuple<readonly [string, number, string]>(text, whole, text)),
    ),
  ),
});

/** Name, offset in the image's file, size. */
export const symbols = fields({
  appl: oneOf("symbols@1"),
  symbols: listOf(tuple<readonly [string, number, number]>(text, whole, whole)),
});

export type Recipe = ReturnType<typeof recipe>;
export type ModuleInRecipe = ReturnType<typeof module>;
export type FileInRecipe = ReturnType<typeof file>;
export type Config = ReturnType<typeof config>;
export type Iface = ReturnType<typeof iface>;
export type IfaceBlock = ReturnType<typeof block>;
export type IfaceOption = ReturnType<typeof option>;
export type Functions = ReturnType<typeof functions>;
export type Symbols = ReturnType<typeof symbols>;
export type Contents = ReturnType<typeof contents>;
export type SettingInRecipe = ReturnType<typeof row>;

/** The object, if these bytes are one of this kind. */
export function readObject<T>(read: Read<T>, bytes: Uint8Array | undefined): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    return read(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
