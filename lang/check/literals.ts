/** Literals to values, by the type that is expected or by their own. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { dimensionOfScalar } from "../types/dimension.ts";
import { aType } from "../types/print.ts";
import { rowOf, type Scalar } from "../types/scalars.ts";
import { errorType, scalar, type Type } from "../types/type.ts";
import { parseDec } from "../values/decimal.ts";
import type { Parsed } from "../values/fault.ts";
import { bitsOf, parseIp } from "../values/ip.ts";
import { parseHash } from "../values/names.ts";
import {
  formatPrefix,
  hostBits,
  networkOf,
  notOneMachine,
  parseMac,
  parsePrefix,
  parseSocket,
} from "../values/network.ts";
import {
  type Dimension,
  dimensionOf,
  MAX_AMOUNT,
  parseRate,
  quantity,
  unitsLike,
  unitsOf,
  unknownUnit,
} from "../values/quantity.ts";
import { compileRegex } from "../values/regex.ts";
import { parseDate, parseInstant, parseTimeOfDay } from "../values/time.ts";
import { int, type PrefixValue, placed, type Value } from "../values/value.ts";
import type { Checker, Expected } from "./checker.ts";
import { mismatch } from "./mismatch.ts";

export type BareLiteral = ast.PlainLiteral | ast.QuantityExpr | ast.RegexExpr;

/** The value and its own type; undefined after a report. */
function readLiteral(expr: BareLiteral, checker: Checker): { value: Value; type: Scalar } | undefined {
  const value = literalValue(expr, undefined, checker);
  return value && { value, type: ownType(value, expr) };
}

/** The literal as a value of the type; undefined after a report. */
export function literalAs(
  expr: BareLiteral,
  name: Scalar,
  expected: Expected,
  checker: Checker,
): Value | undefined {
  const dimension = dimensionOfScalar(name);
  if (dimension && (expr.kind === "int" || expr.kind === "dec")) {
    withoutUnit(expr, name, unitsOf(dimension), exampleUnits(dimension, expr.raw), expected, checker);
    return undefined;
  }
  if (name === "Rate" && (expr.kind === "int" || expr.kind === "dec")) {
    withoutUnit(
      expr,
      name,
      ["/s", "/min", "/h", "/d"],
      [`${expr.raw}/s`, `${expr.raw}/min`],
      expected,
      checker,
    );
    return undefined;
  }
  if (expr.kind === "int" && name === "Dec") return placed(dec(expr, checker) ?? int(0), expr.span);
  const value = literalValue(expr, dimension, checker);
  if (!value) return undefined;
  if (!isOf(value, name)) {
    mismatch(expr, scalar(ownType(value, expr)), expected, checker);
    return undefined;
  }
  return fitting(value, name, expr, expected, checker) ? value : undefined;
}

/** A literal of this kind and family can be of this type. */
function isOf(value: Value, name: Scalar): boolean {
  if (rowOf(name).kind !== value.kind) return false;
  const family = value.kind === "ip" ? value.family : value.kind === "prefix" ? value.ip.family : undefined;
  if (family !== undefined && /[46]$/.test(name)) return name.endsWith(String(family));
  return value.kind !== "measure" || dimensionOfScalar(name) === value.of;
}

/** What the type asks of the value beyond its kind. */
function fitting(
  value: Value,
  name: Scalar,
  expr: BareLiteral,
  expected: Expected,
  checker: Checker,
): boolean {
  if (value.kind === "prefix") return prefixFits(value, name, expr, expected, checker);
  if (value.kind !== "int") return true;
  const [low, high] =
    name === "Port" ? [0n, 65_535n] : name === "I2cAddr" ? [0x03n, 0x77n] : [-MAX_AMOUNT, MAX_AMOUNT];
  if (value.value >= low && value.value <= high) return true;
  checker.error("E0303", expr.span, {
    subject: expected.subject,
    value: expr.raw,
    range: `${low}..${high}`,
    low: String(low),
    high: String(high),
    side: value.value < low ? "below" : "above",
  });
  return false;
}

function prefixFits(
  value: PrefixValue,
  name: Scalar,
  expr: BareLiteral,
  expected: Expected,
  checker: Checker,
): boolean {
  const { subject, declared } = expected;
  if (name === "IfaceAddr") {
    const reason = notOneMachine(value);
    if (!reason) return true;
    const example = formatPrefix({ ...value, ip: { ...value.ip, bits: networkOf(value).ip.bits + 1n } });
    checker.error("E0205", expr.span, { subject, raw: expr.raw, reason, example, declared });
    return false;
  }
  if (hostBits(value) === 0n) return true;
  const network = formatPrefix(networkOf(value));
  checker.error("E0204", expr.span, {
    subject,
    raw: expr.raw,
    bits: bitsOf(value.ip.family) - value.length,
    network: {
      text: `the network that contains it is \`${network}\``,
      edit: { span: expr.span, text: network },
    },
    declared,
  });
  return false;
}

// ------------------------------------------------------------------------------------------------ reading

function literalValue(
  expr: BareLiteral,
  dimension: Dimension | undefined,
  checker: Checker,
): Value | undefined {
  switch (expr.kind) {
    case "quantity":
      return quantityValue(expr, dimension, checker);
    case "regex":
      return regexValue(expr, checker);
    case "int":
      return integer(expr, checker);
    case "dec":
      return dec(expr, checker);
    default: {
      const { what, read } = readers[expr.kind];
      return taken(read(expr.raw), expr.span, expr.raw, what, checker);
    }
  }
}

interface Reader {
  readonly what: string;
  readonly read: (raw: string) => Parsed<Value>;
}

const readers: Readonly<Record<Exclude<ast.PlainLiteralKind, "int" | "dec">, Reader>> = {
  ip4: { what: "IPv4 address", read: parseIp },
  ip6: { what: "IPv6 address", read: parseIp },
  prefix: { what: "prefix", read: parsePrefix },
  socket: { what: "socket address", read: parseSocket },
  mac: { what: "hardware address", read: parseMac },
  rate: { what: "rate", read: parseRate },
  date: { what: "date", read: parseDate },
  instant: { what: "instant", read: parseInstant },
  timeOfDay: { what: "time of day", read: parseTimeOfDay },
  hash: {
    what: "hash",
    read: (raw) => {
      const hex = parseHash(raw);
      return hex.ok ? { ok: true, value: { kind: "hash", algorithm: "sha256", hex: hex.value } } : hex;
    },
  },
};

/** The value at its place; a fault is reported at the wrong part. */
function taken(
  parsed: Parsed<Value>,
  span: Span,
  raw: string,
  type: string,
  checker: Checker,
): Value | undefined {
  if (parsed.ok) return placed(parsed.value, span);
  const { reason, start, end, instead } = parsed.fault;
  checker.error(
    "E0301",
    { ...span, start: span.start + start, end: Math.max(span.start + end, span.start + start) },
    {
      raw,
      type,
      reason,
      instead:
        instead === undefined ? undefined : { text: `write \`${instead}\``, edit: { span, text: instead } },
    },
  );
  return undefined;
}

function integer(expr: ast.PlainLiteral, checker: Checker): Value | undefined {
  const digits = expr.raw.replaceAll("_", "");
  const isNumber = /^(\d+|0x[0-9a-f]+)$/i.test(digits);
  if (isNumber && BigInt(digits) <= MAX_AMOUNT) return int(BigInt(digits), expr.span);
  const reason = isNumber
    ? "it is above 2^63 - 1, the largest"
    : "behind `0x` stand digits from 0 to 9 and from a to f";
  checker.error("E0301", expr.span, { raw: expr.raw, type: "Int", reason, instead: undefined });
  return undefined;
}

function dec(expr: ast.PlainLiteral, checker: Checker): Value | undefined {
  return taken(
    parseDec(/^0x/i.test(expr.raw) ? String(Number(expr.raw)) : expr.raw),
    expr.span,
    expr.raw,
    "Dec",
    checker,
  );
}

function regexValue(expr: ast.RegexExpr, checker: Checker): Value | undefined {
  const compiled = compileRegex(expr.pattern);
  if (compiled.ok) return { kind: "regex", pattern: expr.pattern, span: expr.span };
  const { reason, start, end } = compiled.fault;
  const from = expr.patternSpan.start + start;
  const to = Math.min(expr.patternSpan.start + end, expr.patternSpan.end);
  checker.error("E0314", { ...expr.patternSpan, start: from, end: Math.max(from, to) }, { reason });
  return undefined;
}

function quantityValue(
  expr: ast.QuantityExpr,
  dimension: Dimension | undefined,
  checker: Checker,
): Value | undefined {
  const unknown = unknownUnit(expr.parts);
  if (unknown !== undefined) {
    const { unit, number } = expr.parts[unknown]!;
    const like = unitsLike(unit, dimension);
    const of = dimension ?? (like[0] === undefined ? undefined : dimensionOf(like[0]));
    checker.error("E0202", expr.span, {
      raw: expr.raw,
      unit,
      instead: like.map((it) => number + it),
      units: of ? unitsOf(of) : [],
    });
    return undefined;
  }
  return taken(quantity(expr.raw, expr.parts), expr.span, expr.raw, "quantity", checker);
}

function ownType(value: Value, expr: BareLiteral): Scalar {
  switch (value.kind) {
    case "int":
      return "Int";
    case "ip":
      return value.family === 4 ? "Ip4" : "Ip6";
    case "prefix":
      return hostBits(value) !== 0n ? "IfaceAddr" : value.ip.family === 4 ? "Cidr4" : "Cidr6";
    case "measure":
      return value.of;
    default:
      return ownTypes[value.kind] ?? unreachable(expr);
  }
}

const ownTypes: Partial<Record<Value["kind"], Scalar>> = {
  dec: "Dec",
  socket: "SocketAddr",
  mac: "Mac",
  duration: "Duration",
  size: "Size",
  rate: "Rate",
  date: "Date",
  instant: "Instant",
  timeOfDay: "TimeOfDay",
  regex: "Regex",
  hash: "Hash",
};

function unreachable(expr: BareLiteral): never {
  throw new Error(`BUG: a literal without a type: ${expr.raw}`);
}

// ------------------------------------------------------------------------------------------------ units

function withoutUnit(
  expr: ast.PlainLiteral,
  name: Scalar,
  units: readonly string[],
  instead: readonly string[],
  { subject }: Expected,
  checker: Checker,
): void {
  checker.error("E0203", expr.span, { subject, type: aType(scalar(name)), raw: expr.raw, instead, units });
}

const usual: Partial<Record<Dimension, readonly string[]>> = {
  Size: ["KiB", "MiB"],
  Bitrate: ["Mbit/s"],
  Freq: ["kHz", "MHz"],
  Volt: ["V"],
  Amp: ["mA"],
  Ohm: ["ohm"],
};

/** `300` → `300s` or `5min`. */
function exampleUnits(dimension: Dimension, raw: string): readonly string[] {
  if (dimension === "Duration") {
    const seconds = Number(raw.replaceAll("_", ""));
    const longer = (
      [
        [86_400, "d"],
        [3600, "h"],
        [60, "min"],
      ] as const
    ).find(([factor]) => seconds > 0 && seconds % factor === 0);
    return [`${raw}s`, longer ? `${seconds / longer[0]}${longer[1]}` : `${raw}min`];
  }
  return (usual[dimension] ?? unitsOf(dimension)).map((unit) => raw + unit);
}

/** For a place where nothing is expected. */
export function typedLiteral(expr: BareLiteral, checker: Checker): { value: Value | undefined; type: Type } {
  const read = readLiteral(expr, checker);
  return read ? { value: read.value, type: scalar(read.type) } : { value: undefined, type: errorType };
}
