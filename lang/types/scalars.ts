/** The types of the language itself: one row each. */
import { weekdays } from "../values/time.ts";
import type { Kind } from "../values/value.ts";

export interface ScalarRow {
  readonly kind: Kind;
  /** How it is written: what a message calls the literal, and what makes the arms of a union different. */
  readonly shape: Shape;
  /** What a literal of it looks like, for help. */
  readonly example: string;
  /** Can be a key of a map or the label of a block. */
  readonly key?: boolean;
  /** Has an order: `<`, `sort`, ranges. */
  readonly ordered?: boolean;
  /** Its values are these words, in their order. */
  readonly words?: readonly string[];
}

export type Shape =
  | "bool"
  | "int"
  | "dec"
  | "string"
  | "regex"
  | "ip4"
  | "ip6"
  | "prefix4"
  | "prefix6"
  | "socket"
  | "mac"
  | "quantity"
  | "rate"
  | "date"
  | "instant"
  | "timeOfDay"
  | "hash"
  | "file"
  | "dir"
  | "word";

export const scalars = {
  Bool: { kind: "bool", shape: "bool", example: "true" },
  Int: { kind: "int", shape: "int", example: "42", key: true, ordered: true },
  Dec: { kind: "dec", shape: "dec", example: "0.5", ordered: true },
  Str: { kind: "str", shape: "string", example: '"text"', key: true, ordered: true },
  Bytes: { kind: "bytes", shape: "string", example: '"text"' },
  Ip4: { kind: "ip", shape: "ip4", example: "192.0.2.1", key: true, ordered: true },
  Ip6: { kind: "ip", shape: "ip6", example: "2001:db8::1", key: true, ordered: true },
  Ip: { kind: "ip", shape: "ip4", example: "192.0.2.1", key: true, ordered: true },
  Cidr4: { kind: "prefix", shape: "prefix4", example: "192.0.2.0/24", key: true, ordered: true },
  Cidr6: { kind: "prefix", shape: "prefix6", example: "2001:db8::/32", key: true, ordered: true },
  Cidr: { kind: "prefix", shape: "prefix4", example: "192.0.2.0/24", key: true, ordered: true },
  IfaceAddr: { kind: "prefix", shape: "prefix4", example: "192.0.2.1/24", key: true, ordered: true },
  SocketAddr: { kind: "socket", shape: "socket", example: "192.0.2.1:53", key: true, ordered: true },
  Port: { kind: "int", shape: "int", example: "53", key: true, ordered: true },
  Mac: { kind: "mac", shape: "mac", example: "00:1b:a9:12:34:56", key: true, ordered: true },
  DomainName: { kind: "str", shape: "string", example: '"example.com"', key: true, ordered: true },
  HostLabel: { kind: "str", shape: "string", example: '"www"', key: true, ordered: true },
  Url: { kind: "str", shape: "string", example: '"https://example.com/"', key: true, ordered: true },
  HttpPath: { kind: "str", shape: "string", example: '"/index.html"', key: true, ordered: true },
  Email: { kind: "str", shape: "string", example: '"hostmaster@example.com"', key: true, ordered: true },
  MediaType: { kind: "str", shape: "string", example: '"text/html"', key: true, ordered: true },
  Semver: { kind: "str", shape: "string", example: '"1.2.3"', key: true },
  Duration: { kind: "duration", shape: "quantity", example: "5min", key: true, ordered: true },
  Size: { kind: "size", shape: "quantity", example: "64KiB", key: true, ordered: true },
  Rate: { kind: "rate", shape: "rate", example: "100/s", ordered: true },
  Bitrate: { kind: "measure", shape: "quantity", example: "100Mbit/s", ordered: true },
  Freq: { kind: "measure", shape: "quantity", example: "80MHz", ordered: true },
  Volt: { kind: "measure", shape: "quantity", example: "3.3V", ordered: true },
  Amp: { kind: "measure", shape: "quantity", example: "20mA", ordered: true },
  Ohm: { kind: "measure", shape: "quantity", example: "10kohm", ordered: true },
  Temp: { kind: "measure", shape: "quantity", example: "28°C", ordered: true },
  TempDelta: { kind: "measure", shape: "quantity", example: "2°C", ordered: true },
  Percent: { kind: "measure", shape: "quantity", example: "25%", ordered: true },
  Date: { kind: "date", shape: "date", example: "2026-11-21", key: true, ordered: true },
  Instant: { kind: "instant", shape: "instant", example: "2026-11-21T05:00Z", key: true, ordered: true },
  TimeOfDay: { kind: "timeOfDay", shape: "timeOfDay", example: "05:30", key: true, ordered: true },
  Weekday: { kind: "weekday", shape: "word", example: "mon", key: true, ordered: true, words: weekdays },
  Regex: { kind: "regex", shape: "regex", example: 'r"^a+$"', key: true },
  Hash: { kind: "hash", shape: "hash", example: "sha256:…", key: true },
  I2cAddr: { kind: "int", shape: "int", example: "0x44", key: true, ordered: true },
  File: { kind: "file", shape: "file", example: 'file "./name"' },
  Dir: { kind: "dir", shape: "dir", example: 'dir "./folder"' },
} as const satisfies Readonly<Record<string, ScalarRow>>;

export type Scalar = keyof typeof scalars;

export const rowOf = (name: Scalar): ScalarRow => scalars[name];

export const isScalar = (name: string): name is Scalar => Object.hasOwn(scalars, name);

/** Names of generic types and the number of their arguments. */
export const generics: Readonly<Record<string, number>> = {
  List: 1,
  Map: 2,
  Range: 1,
  Ref: 1,
  Secret: 1,
  AtBoot: 1,
};
