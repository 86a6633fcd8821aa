/**
 * What a description evaluates to.
 *
 * Values are immutable and know the place that they come from, but not their nominal type: a `DomainName`, a `Url` and a `Str`
 * are all `str`. Which type a value has is said by the declaration of the option that holds it. Places do not count when values
 * are compared.
 */
import type { Span } from "../source/span.ts";
import type { Device } from "../types/devices.ts";
import type { Type } from "../types/type.ts";

export type Value =
  | BoolValue
  | IntValue
  | DecValue
  | StrValue
  | BytesValue
  | RegexValue
  | IpValue
  | PrefixValue
  | SocketValue
  | MacValue
  | DurationValue
  | SizeValue
  | RateValue
  | MeasureValue
  | DateValue
  | InstantValue
  | TimeOfDayValue
  | WeekdayValue
  | HashValue
  | RangeValue
  | ListValue
  | TupleValue
  | MapValue
  | RecordValue
  | TaggedValue
  | RefValue
  | DeviceValue
  | SignalValue
  | FileValue
  | DirValue
  | SecretValue
  | NoneValue;

/** The expression that made the value; for a block, its head. Undefined for what only the compiler knows. */
interface Placed {
  readonly span?: Span | undefined;
}

export interface BoolValue extends Placed {
  readonly kind: "bool";
  readonly value: boolean;
}

/** Also `Port` and `I2cAddr`. Between -2^63 and 2^63 - 1. */
export interface IntValue extends Placed {
  readonly kind: "int";
  readonly value: bigint;
}

/** `digits / 10^scale`, with the smallest scale that is possible. */
export interface DecValue extends Placed {
  readonly kind: "dec";
  readonly digits: bigint;
  readonly scale: number;
}

/** Every type that is written as a string; in its canonical form. */
export interface StrValue extends Placed {
  readonly kind: "str";
  readonly value: string;
}

export interface BytesValue extends Placed {
  readonly kind: "bytes";
  readonly bytes: Uint8Array;
}

export interface RegexValue extends Placed {
  readonly kind: "regex";
  readonly pattern: string;
}

export interface IpValue extends Placed {
  readonly kind: "ip";
  readonly family: 4 | 6;
  /** 32 or 128 bits, the first octet highest. */
  readonly bits: bigint;
}

/** `Cidr` has no host bits, `IfaceAddr` has. */
export interface PrefixValue extends Placed {
  readonly kind: "prefix";
  /** With its host bits. */
  readonly ip: IpValue;
  readonly length: number;
}

export interface SocketValue extends Placed {
  readonly kind: "socket";
  /** Undefined for `*`: every address of both families. */
  readonly ip: IpValue | undefined;
  readonly port: number;
}

export interface MacValue extends Placed {
  readonly kind: "mac";
  /** 48 bits, the first octet highest. */
  readonly bits: bigint;
}

export interface DurationValue extends Placed {
  readonly kind: "duration";
  readonly ns: bigint;
}

export interface SizeValue extends Placed {
  readonly kind: "size";
  readonly bytes: bigint;
}

/** `count` in every `per` nanoseconds. */
export interface RateValue extends Placed {
  readonly kind: "rate";
  readonly count: bigint;
  readonly per: bigint;
}

/** What is counted in millionths of its unit. */
export interface MeasureValue extends Placed {
  readonly kind: "measure";
  readonly of: Measure;
  /** Millionths of bit/s, Hz, V, A, ohm, °C or percent. */
  readonly millionths: bigint;
}

/** `TempDelta` is a `Temp` here: the two are written alike. */
export type Measure = "Bitrate" | "Freq" | "Volt" | "Amp" | "Ohm" | "Temp" | "Percent";

/** Proleptic Gregorian calendar. */
export interface DateValue extends Placed {
  readonly kind: "date";
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface InstantValue extends Placed {
  readonly kind: "instant";
  /** Seconds since 1970-01-01T00:00Z, without leap seconds. */
  readonly seconds: bigint;
}

export interface TimeOfDayValue extends Placed {
  readonly kind: "timeOfDay";
  /** 0 to 86,399. */
  readonly seconds: number;
}

export interface WeekdayValue extends Placed {
  readonly kind: "weekday";
  /** 0 is Monday: ISO 8601. */
  readonly day: number;
}

export interface HashValue extends Placed {
  readonly kind: "hash";
  readonly algorithm: "sha256";
  /** Lower case. */
  readonly hex: string;
}

/** Both ends are in it; `low` is not above `high`. */
export interface RangeValue extends Placed {
  readonly kind: "range";
  readonly low: Value;
  readonly high: Value;
}

interface Weighed extends Placed {
  /** About how many bytes it takes, everything below it included as often as it is there. */
  readonly weight: number;
}

export interface ListValue extends Weighed {
  readonly kind: "list";
  readonly items: readonly Value[];
}

export interface TupleValue extends Weighed {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}

/** Also the entries of a keyed block. */
export interface MapValue extends Weighed {
  readonly kind: "map";
  /** By `keyOf` of the key: in the canonical order of the keys, or in source order if the block is `ordered`. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: Value;
  readonly value: Value;
  /** Where the user wrote this entry: `alias blog`, `host "www"`. */
  readonly head?: Span | undefined;
}

/** A record, or one block. */
export interface RecordValue extends Weighed {
  readonly kind: "record";
  /** In the order of the declaration. */
  readonly fields: ReadonlyMap<string, Value>;
  /** Who set a field; a field that has its default is not here. */
  readonly origins: ReadonlyMap<string, Origin>;
}

export interface Origin {
  /** The setting's name and labels. */
  readonly head: Span;
  /** The value given. */
  readonly value: Span;
}

/** `at(5)`; a word (`auto`) has no payload. A `choice` is one too: the arm and its block. */
export interface TaggedValue extends Weighed {
  readonly kind: "tagged";
  readonly tag: string;
  readonly payload: Value | undefined;
}

/** The label of a block elsewhere. */
export interface RefValue extends Placed {
  readonly kind: "ref";
  /** `Backend`, `Zone`: the block's own name, and the library that declares it. */
  readonly block: string;
  readonly library: string;
  readonly key: Value;
  /** Position among the blocks that it refers into; undefined until references are bound, never in a configuration. */
  readonly index: number | undefined;
  /** What it names, once references are bound; no part of the value. */
  readonly target?: Target | undefined;
}

export interface Target {
  /** Once the block is finished. */
  readonly result: RecordValue | undefined;
}

/** A pin, network device or disk of the target's board, by its name there. */
export interface DeviceValue extends Placed {
  readonly kind: "device";
  readonly of: Device;
  readonly name: string;
}

/** A run-time value of a block elsewhere. */
export interface SignalValue extends Placed {
  readonly kind: "signal";
  /** As the user writes it: `air.temperature`. */
  readonly text: string;
  /** Names of the module and of the blocks inside of it, before the label: `gpio`, `output`; empty until it is bound if the label stands alone. */
  readonly path: readonly string[];
  /** Undefined in a block without label. */
  readonly label: Value | undefined;
  readonly name: string;
  /** What it must carry where it was written; undefined: anything. */
  readonly carries: Type | undefined;
  /** Undefined until references are bound, never in a configuration. */
  readonly bound: BoundSignal | undefined;
}

export interface BoundSignal {
  /** Path of the library that declares the block, and the block's own name. */
  readonly library: string;
  readonly block: string;
  /** Position of the block among those of its kind, as references count; 0 without label. */
  readonly index: number;
  readonly type: Type;
}

export interface FileValue extends Placed {
  readonly kind: "file";
  /** As `Files` knows it. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** A folder: files by their names in it, `css/site.css`, in canonical order. */
export interface DirValue extends Weighed {
  readonly kind: "dir";
  /** As `Files` knows it. */
  readonly path: string;
  readonly files: ReadonlyMap<string, FileValue>;
}

/** A slot. What will be in it is never known here. */
export interface SecretValue extends Placed {
  readonly kind: "secret";
  /** A param that a machine is given: no secret. */
  readonly open: boolean;
  /** Unique in a description. */
  readonly name: string;
  /** What it holds, as a user would write it: `dns.TsigKey`. */
  readonly type: string;
  readonly holds: Type;
  readonly delivery: SecretDelivery;
  /** What a param is if nothing is given. */
  readonly fallback: Value | undefined;
}

export type SecretDelivery =
  | { readonly by: "boot"; readonly slot: string }
  /** Encrypted for one device, carried beside the image; as `Files` knows it, and read by nobody here. */
  | { readonly by: "sealed"; readonly path: string }
  | { readonly by: "generated" };

export interface NoneValue extends Placed {
  readonly kind: "none";
}

export type Kind = Value["kind"];
export type ValueOf<K extends Kind> = Extract<Value, { kind: K }>;

export const none: NoneValue = { kind: "none" };
export const bool = (value: boolean, span?: Span): BoolValue => ({ kind: "bool", value, span });
export const int = (value: bigint | number, span?: Span): IntValue => ({
  kind: "int",
  value: BigInt(value),
  span,
});
export const str = (value: string, span?: Span): StrValue => ({ kind: "str", value, span });
export const word = (tag: string, span?: Span): TaggedValue => ({
  kind: "tagged",
  tag,
  payload: undefined,
  weight: 16,
  span,
});

export function tagged(tag: string, payload: Value, span?: Span): TaggedValue {
  return { kind: "tagged", tag, payload, weight: 16 + weightOf(payload), span };
}

export function list(items: readonly Value[], span?: Span): ListValue {
  return { kind: "list", items, weight: weightOfAll(items), span };
}

export function tuple(items: readonly Value[], span?: Span): TupleValue {
  return { kind: "tuple", items, weight: weightOfAll(items), span };
}

export function record(
  fields: ReadonlyMap<string, Value>,
  span?: Span,
  origins: ReadonlyMap<string, Origin> = new Map(),
): RecordValue {
  return { kind: "record", fields, origins, weight: weightOfAll(fields.values()), span };
}

/** The same value made elsewhere. */
export function placed<V extends Value>(value: V, span: Span | undefined): V {
  return { ...value, span };
}

/** Bytes that a value takes, roughly; shared parts count each time, so it bounds every walk over the value. */
export function weightOf(value: Value): number {
  switch (value.kind) {
    case "list":
    case "tuple":
    case "map":
    case "record":
    case "tagged":
    case "dir":
      return value.weight;
    case "str":
      return 16 + value.value.length;
    default:
      return 16;
  }
}

function weightOfAll(values: Iterable<Value>): number {
  let weight = 16;
  for (const value of values) weight += weightOf(value);
  return weight;
}
