/** Values as a user would write them, in one canonical form. */
import { formatDec } from "./decimal.ts";
import { formatIp } from "./ip.ts";
import { formatMac, formatPrefix, formatSocket } from "./network.ts";
import { formatDuration, formatMeasure, formatRate, formatSize } from "./quantity.ts";
import { formatDate, formatInstant, formatTimeOfDay, weekdays } from "./time.ts";
import type { Kind, Value, ValueOf } from "./value.ts";

type Printers = { readonly [K in Kind]: (value: ValueOf<K>) => string };

const printers: Printers = {
  bool: ({ value }) => String(value),
  int: ({ value }) => value.toString(),
  dec: formatDec,
  str: ({ value }) => quote(value),
  bytes: ({ bytes }) => `<${bytes.length} bytes ${hex(bytes.subarray(0, 32))}>`,
  regex: ({ pattern }) => `r"${pattern}"`,
  ip: formatIp,
  prefix: formatPrefix,
  socket: formatSocket,
  mac: formatMac,
  duration: ({ ns }) => formatDuration(ns),
  size: ({ bytes }) => formatSize(bytes),
  rate: formatRate,
  measure: formatMeasure,
  date: formatDate,
  instant: ({ seconds }) => formatInstant(seconds),
  timeOfDay: ({ seconds }) => formatTimeOfDay(seconds),
  weekday: ({ day }) => weekdays[day]!,
  hash: (value) => `${value.algorithm}:${value.hex}`,
  range: ({ low, high }) => `${print(low)}..${print(high)}`,
  list: ({ items }) => `[${items.map(print).join(", ")}]`,
  tuple: ({ items }) => `(${items.map(print).join(", ")})`,
  map: ({ entries }) =>
    entries.size === 0
      ? "{}"
      : `{ ${[...entries.values()].map(({ key, value }) => `${print(key)} => ${print(value)}`).join(", ")} }`,
  record: ({ fields }) =>
    fields.size === 0
      ? "{}"
      : `{ ${[...fields].map(([name, value]) => `${name} = ${print(value)}`).join(", ")} }`,
  tagged: ({ tag, payload }) =>
    payload === undefined
      ? tag
      : payload.kind === "record"
        ? `${tag} ${print(payload)}`
        : `${tag}(${print(payload)})`,
  ref: ({ key }) => print(key),
  device: ({ name }) => name,
  signal: ({ text }) => text,
  file: ({ path }) => `file ${quote(path)}`,
  dir: ({ path }) => `dir ${quote(path)}`,
  secret: ({ open, name }) => `${open ? "param" : "secret"} ${name}`,
  none: () => "none",
};

export function print(value: Value): string {
  return (printers[value.kind] as (value: Value) => string)(value);
}

const SHOWN = 60;

/** For a message: cut where it gets long. */
export function printShort(value: Value): string {
  return shorten(print(value));
}

export function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN ? text : `${characters.slice(0, SHOWN - 1).join("")}…`;
}

/** What `${…}` puts into a string: a string without its quotes, all else as it is printed. */
export function plain(value: Value): string {
  if (value.kind === "str") return value.value;
  return value.kind === "ref" ? plain(value.key) : print(value);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

export function quote(text: string): string {
  const escaped = text.replace(/["\\\n\r\t]/g, (character) => escapes[character]!);
  return `"${escaped.replaceAll("${", "\\${")}"`;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
