/** What a slot takes, told to a machine that knows no types: how a value is written, how long it may be, and which values are refused. */
import type { Scalar } from "../types/scalars.ts";
import type { RefinedType, Type } from "../types/type.ts";
import { scaleOf } from "../values/quantity.ts";
import type { Automaton } from "./automaton.ts";
import { Conditions } from "./condition.ts";
import { numberOf } from "./number.ts";

/** How a value is written. `name` is a text whose letters become small ones; `network` a prefix whose other bits are zero. */
export type SlotForm = "text" | "name" | "bytes" | "number" | "mac" | "ip" | "prefix" | "network" | "socket";

export interface SlotSpec {
  readonly form: SlotForm;
  /** For people: `a whole number, in 1..99`. */
  readonly wants: string;
  /** Of addresses: 4 or 6; 0 is both. */
  readonly family: number;
  /** Bytes that a value of a text form may have. */
  readonly most: number;
  /** Words that stand for numbers, and units with what they count; of a number with units every part has one. */
  readonly words: readonly (readonly [string, bigint])[];
  readonly units: readonly (readonly [string, bigint])[];
  /** `condition.ts`. */
  readonly programs: readonly (readonly bigint[])[];
  readonly patterns: readonly Automaton[];
}

/** Where a type does not say how long a text may be. */
const USUAL_LENGTH = 4096;

type Written = Pick<SlotSpec, "form" | "family" | "words" | "units" | "most"> & { readonly how: string };

const plain: Omit<Written, "form" | "how"> = { family: 0, words: [], units: [], most: USUAL_LENGTH };
const written = (form: SlotForm, how: string, more: Partial<Written> = {}): Written => ({
  ...plain,
  form,
  how,
  ...more,
});

const label = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const nameLabel = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
/** Of names: what they are like. RFC 1123 2.1; RFC 1035 2.3.1 and RFC 8552. */
const names: Partial<Record<Scalar, string>> = {
  HostLabel: `^${label}$`,
  DomainName: `^${nameLabel}(\\.${nameLabel})*$`,
};

const scalars: Partial<Record<Scalar, Written>> = {
  Bool: written("number", "`true` or `false`", { words: [["false", 0n], ["true", 1n]] }), // biome-ignore format: a table
  Int: written("number", "a whole number"),
  Port: written("number", "a port"),
  Duration: written("number", "a time like `1h30min` or `500ms`", { units: scaleOf("Duration") }),
  Size: written("number", "a size like `64KiB`", { units: scaleOf("Size") }),
  Mac: written("mac", "a hardware address like `00:1b:a9:12:34:56`"),
  Str: written("text", "a text"),
  Bytes: written("bytes", "bytes in base64, or in hexadecimal behind `hex:`"),
  HostLabel: written("name", "a name without dots", { most: 63 }),
  DomainName: written("name", "a domain name", { most: 253 }),
  Ip4: written("ip", "an address like `192.0.2.1`", { family: 4 }),
  Ip6: written("ip", "an address like `2001:db8::1`", { family: 6 }),
  Ip: written("ip", "an address like `192.0.2.1` or `2001:db8::1`"),
  Cidr4: written("network", "a network like `192.0.2.0/24`", { family: 4 }),
  Cidr6: written("network", "a network like `2001:db8::/32`", { family: 6 }),
  Cidr: written("network", "a network like `192.0.2.0/24`"),
  IfaceAddr: written("prefix", "an address and its network's prefix like `192.0.2.1/24`"),
  SocketAddr: written("socket", "an address and a port like `192.0.2.1:53`"),
};

/** The types are those of one slot: as it is declared, and as who uses it wants it. A text says why that cannot be. */
export function slotSpec(types: readonly [Type, ...Type[]]): SlotSpec | string {
  const conditions = new Conditions();
  const kind = layersOf(types[0]).inner;
  const how = writtenAs(kind);
  if (how === undefined) return "a machine is given numbers, texts, bytes, words and addresses";
  const asked: string[] = [];
  let { most, family } = how;
  if (kind.kind === "scalar") {
    const pattern = names[kind.name];
    if (pattern !== undefined && !conditions.addPattern(pattern)) throw new Error("BUG: a name has no table");
    if (kind.name === "Port") conditions.addRange(0n, 65_535n);
  }
  const seen = new Set<RefinedType["refinement"]>();
  for (const type of types)
    for (const refinement of layersOf(type).refinements) {
      if (seen.has(refinement)) continue;
      seen.add(refinement);
      const only = familyIn(refinement);
      if (only !== undefined && (family === 0 || family === only)) family = only;
      else if (!conditions.add(refinement))
        return `\`${refinement.by} ${refinement.text}\` cannot be checked when a machine starts`;
      asked.push(`${refinement.by} ${refinement.text}`);
      most = Math.min(most === USUAL_LENGTH ? Number.POSITIVE_INFINITY : most, lengthIn(refinement) ?? most);
    }
  const { programs, patterns } = conditions;
  const wants = [how.how, ...asked].join(", ");
  return { ...how, wants, most, family, programs, patterns };
}

/** `it.family == 4`: addresses of the other one are not even read. */
function familyIn(refinement: RefinedType["refinement"]): number | undefined {
  if (refinement.by !== "where" || refinement.condition.op !== "apply") return undefined;
  const { name, args } = refinement.condition;
  const [left, right] = args;
  const isOwn =
    left?.op === "apply" &&
    left.name === ".family" &&
    left.args[0]?.op === "variable" &&
    left.args[0].variable === refinement.it;
  if (name !== "==" || !isOwn || right?.op !== "const") return undefined;
  const family = numberOf(right.value);
  return family === 4n || family === 6n ? Number(family) : undefined;
}

/** `len(it) in 16..64`: no more room is needed. */
function lengthIn(refinement: RefinedType["refinement"]): number | undefined {
  if (refinement.by !== "where" || refinement.condition.op !== "apply") return undefined;
  const { name, args } = refinement.condition;
  const [left, right] = args;
  if (name !== "in" || left?.op !== "apply" || left.name !== "len" || right === undefined) return undefined;
  const high =
    right.op === "const" && right.value.kind === "range"
      ? right.value.high
      : right.op === "range" && right.high.op === "const"
        ? right.high.value
        : undefined;
  const length = high && numberOf(high);
  return length === undefined || length > 65_535n ? undefined : Number(length);
}

function layersOf(type: Type): { inner: Type; refinements: RefinedType["refinement"][] } {
  const refinements: RefinedType["refinement"][] = [];
  let inner = type;
  for (;;) {
    if (inner.kind === "named") inner = inner.type;
    else if (inner.kind === "refined") {
      refinements.unshift(inner.refinement);
      inner = inner.base;
    } else return { inner, refinements };
  }
}

function writtenAs(type: Type): Written | undefined {
  if (type.kind === "scalar") return scalars[type.name];
  if (type.kind !== "union") return undefined;
  const words = type.arms.flatMap((arm, n) => (arm.kind === "word" ? [[arm.word, BigInt(n)] as const] : []));
  if (words.length < type.arms.length) return undefined;
  return written("number", words.map(([word]) => `\`${word}\``).join(", "), { words });
}
