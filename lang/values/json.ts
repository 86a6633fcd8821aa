/**
 * Values as JSON: what `appl eval --json` prints, in the form that `appl schema` describes.
 *
 * Numbers are exact: one that JavaScript would round is a string. Texts, addresses, amounts and the like are strings, as they would be
 * written; a union's word is a string, a word with a payload an object with that one member. `none` is null. A slot is the name of its secret or param.
 */
import { formatDec } from "./decimal.ts";
import { plain } from "./print.ts";
import type { Value } from "./value.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export function toJsonValue(value: Value): JsonValue {
  switch (value.kind) {
    case "none":
      return null;
    case "bool":
      return value.value;
    case "int":
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value.toString();
    case "dec": {
      const text = formatDec(value);
      return String(Number(text)) === text ? Number(text) : text;
    }
    case "list":
    case "tuple":
      return value.items.map(toJsonValue);
    case "map":
      return object(
        [...value.entries.values()].map(({ key, value: entry }) => [plain(key), toJsonValue(entry)]),
      );
    case "record":
      return object([...value.fields].map(([name, field]) => [name, toJsonValue(field)]));
    case "tagged":
      if (value.payload) return object([[value.tag, toJsonValue(value.payload)]]);
      return value.tag === "none" ? null : value.tag;
    case "secret":
      return object([[value.open ? "boot" : "secret", value.name]]);
    case "file":
    case "dir":
      return object([[value.kind, value.path]]);
    default:
      return plain(value);
  }
}

/** Also with members called `__proto__`. */
const object = (members: readonly (readonly [string, JsonValue])[]): JsonValue =>
  Object.fromEntries(members) as JsonValue;

/** As text, with members in the order of the value: an engine would put those that look like numbers first. */
export function jsonText(value: Value, indent = ""): string {
  const inner = `${indent}  `;
  const lines = (items: readonly string[], open: string, close: string): string =>
    items.length === 0
      ? `${open}${close}`
      : `${open}\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}${close}`;
  const member = (name: string, of: Value): string => `${JSON.stringify(name)}: ${jsonText(of, inner)}`;
  switch (value.kind) {
    case "list":
    case "tuple":
      return lines(
        value.items.map((item) => jsonText(item, inner)),
        "[",
        "]",
      );
    case "map":
      return lines(
        [...value.entries.values()].map(({ key, value: entry }) => member(plain(key), entry)),
        "{",
        "}",
      );
    case "record":
      return lines(
        [...value.fields].map(([name, field]) => member(name, field)),
        "{",
        "}",
      );
    case "tagged":
      return value.payload
        ? lines([member(value.tag, value.payload)], "{", "}")
        : JSON.stringify(toJsonValue(value));
    default:
      return JSON.stringify(toJsonValue(value));
  }
}
