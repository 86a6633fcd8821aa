/** Numbers with units. */
import { decimalParts, formatScaled } from "./decimal.ts";
import { fault, type Parsed, parsed } from "./fault.ts";
import type { DurationValue, Measure, MeasureValue, RateValue, SizeValue } from "./value.ts";

/** What units can measure; `Rate` has a notation of its own. */
export type Dimension = "Duration" | "Size" | Measure;

export type QuantityValue = DurationValue | SizeValue | MeasureValue;

const MILLION = 1_000_000n;

const duration = {
  ns: 1n,
  us: 1000n,
  ms: MILLION,
  s: 10n ** 9n,
  min: 60n * 10n ** 9n,
  h: 3600n * 10n ** 9n,
  d: 86_400n * 10n ** 9n,
  w: 604_800n * 10n ** 9n,
};
const size = {
  B: 1n,
  kB: 10n ** 3n,
  MB: 10n ** 6n,
  GB: 10n ** 9n,
  TB: 10n ** 12n,
  KiB: 1n << 10n,
  MiB: 1n << 20n,
  GiB: 1n << 30n,
  TiB: 1n << 40n,
};

/** Units by dimension, smallest first as they are shown; each as a multiple of what its value counts. */
const units: Readonly<Record<Dimension, Readonly<Record<string, bigint>>>> = {
  Duration: duration,
  Size: size,
  Bitrate: { "bit/s": MILLION, "kbit/s": 10n ** 9n, "Mbit/s": 10n ** 12n, "Gbit/s": 10n ** 15n },
  Freq: { mHz: 1000n, Hz: MILLION, kHz: 10n ** 9n, MHz: 10n ** 12n, GHz: 10n ** 15n },
  Volt: { uV: 1n, mV: 1000n, V: MILLION, kV: 10n ** 9n },
  Amp: { uA: 1n, mA: 1000n, A: MILLION },
  Ohm: { mohm: 1000n, ohm: MILLION, kohm: 10n ** 9n, Mohm: 10n ** 12n },
  Temp: { "°C": MILLION },
  Percent: { "%": MILLION },
};

/** Other spellings that are read. */
const spellings: Readonly<Record<string, string>> = {
  µs: "us",
  μs: "us",
  µV: "uV",
  µA: "uA",
  Ω: "ohm",
  kΩ: "kohm",
  MΩ: "Mohm",
  mΩ: "mohm",
};

/** What people write for a unit, where nearness alone would not find it. */
const mistaken: Readonly<Record<string, readonly string[]>> = {
  kb: ["kB", "KiB"],
  KB: ["kB", "KiB"],
  Kb: ["kB", "KiB"],
  k: ["kB", "KiB"],
  K: ["KiB", "kB"],
  Ki: ["KiB"],
  kib: ["KiB"],
  Kib: ["KiB"],
  kiB: ["KiB"],
  mb: ["MB", "MiB"],
  Mb: ["MB", "MiB"],
  M: ["MB", "MiB"],
  Mi: ["MiB"],
  mib: ["MiB"],
  Mib: ["MiB"],
  gb: ["GB", "GiB"],
  Gb: ["GB", "GiB"],
  G: ["GB", "GiB"],
  Gi: ["GiB"],
  gib: ["GiB"],
  b: ["B"],
  byte: ["B"],
  bytes: ["B"],
  m: ["min"],
  mins: ["min"],
  minute: ["min"],
  minutes: ["min"],
  sec: ["s"],
  secs: ["s"],
  second: ["s"],
  seconds: ["s"],
  S: ["s"],
  hr: ["h"],
  hrs: ["h"],
  hour: ["h"],
  hours: ["h"],
  H: ["h"],
  day: ["d"],
  days: ["d"],
  D: ["d"],
  week: ["w"],
  weeks: ["w"],
  msec: ["ms"],
  usec: ["us"],
  nsec: ["ns"],
  C: ["°C"],
  degC: ["°C"],
  kbps: ["kbit/s"],
  Mbps: ["Mbit/s"],
  mbps: ["Mbit/s"],
  Gbps: ["Gbit/s"],
  gbps: ["Gbit/s"],
  bps: ["bit/s"],
  hz: ["Hz"],
  khz: ["kHz"],
  Khz: ["kHz"],
  mhz: ["MHz"],
  Mhz: ["MHz"],
  ghz: ["GHz"],
  v: ["V"],
  a: ["A"],
};

/** Units in the order in which a message names them. */
/** Units with what each counts, as the values of the dimension do. */
export const scaleOf = (dimension: Dimension): readonly (readonly [unit: string, multiple: bigint])[] =>
  Object.entries(units[dimension]);

export function unitsOf(dimension: Dimension): readonly string[] {
  return Object.keys(units[dimension]);
}

export function dimensionOf(unit: string): Dimension | undefined {
  const name = spellings[unit] ?? unit;
  for (const [dimension, table] of Object.entries(units))
    if (Object.hasOwn(table, name)) return dimension as Dimension;
  return undefined;
}

/** Units that an unknown one may stand for, best first. */
export function unitsLike(unit: string, dimension: Dimension | undefined): readonly string[] {
  const likely = Object.hasOwn(mistaken, unit) ? mistaken[unit]! : [];
  const fitting = dimension ? likely.filter((it) => dimensionOf(it) === dimension) : likely;
  return fitting.length > 0 ? fitting : likely;
}

export interface Part {
  readonly number: string;
  readonly unit: string;
}

/** In `1h30m` the `m` can only be minutes. */
function unitAt(parts: readonly Part[], index: number): string {
  const { unit } = parts[index]!;
  return unit === "m" && index > 0 && ["h", "d", "w"].includes(parts[index - 1]!.unit)
    ? "min"
    : (spellings[unit] ?? unit);
}

/** The first part whose unit does not exist. */
export function unknownUnit(parts: readonly Part[]): number | undefined {
  const index = parts.findIndex((_, at) => dimensionOf(unitAt(parts, at)) === undefined);
  return index === -1 ? undefined : index;
}

/** The value of a quantity whose units all exist. Offsets of a fault count in `raw`. */
export function quantity(raw: string, parts: readonly Part[]): Parsed<QuantityValue> {
  const dimension = dimensionOf(unitAt(parts, 0))!;
  let amount = 0n;
  let before: bigint | undefined;
  for (const [index, part] of parts.entries()) {
    const unit = unitAt(parts, index);
    const factor = units[dimension][unit];
    if (factor === undefined)
      return fault(`\`${unit}\` does not go together with \`${unitAt(parts, 0)}\``, 0, raw.length);
    if (before !== undefined && factor >= before)
      return fault("the parts of a duration go from the longest unit to the shortest", 0, raw.length);
    before = factor;
    const { digits, scale } = decimalParts(part.number);
    const whole = 10n ** BigInt(scale);
    if ((digits * factor) % whole !== 0n)
      return fault(
        `\`${part.number}${part.unit}\` is no whole number of ${smallest[dimension] ?? "millionths"}`,
        0,
        raw.length,
      );
    amount += (digits * factor) / whole;
  }
  if (parts.length > 1 && dimension !== "Duration")
    return fault("only durations are written in several parts", 0, raw.length);
  return amount > MAX_AMOUNT
    ? fault("this is more than can be counted", 0, raw.length)
    : parsed(amountOf(dimension, amount));
}

const smallest: Partial<Record<Dimension, string>> = { Duration: "nanoseconds", Size: "bytes" };

/** Amounts are 64-bit numbers. */
export const MAX_AMOUNT = (1n << 63n) - 1n;

export function amountOf(dimension: Dimension, amount: bigint): QuantityValue {
  if (dimension === "Duration") return { kind: "duration", ns: amount };
  if (dimension === "Size") return { kind: "size", bytes: amount };
  return { kind: "measure", of: dimension, millionths: amount };
}

/** `200/s`, `40/min`. */
export function parseRate(text: string): Parsed<RateValue> {
  const slash = text.indexOf("/");
  const [number, unit] = [text.slice(0, slash), text.slice(slash + 1)];
  const per = Object.hasOwn(duration, unit) ? duration[unit as keyof typeof duration] : undefined;
  if (per === undefined) {
    const like = unitsLike(unit, "Duration").map((it) => `${number}/${it}`);
    return fault(`\`${unit}\` is no unit of time`, slash + 1, text.length, like[0]);
  }
  const { digits, scale } = decimalParts(number);
  if (scale > 0) return fault("a rate counts whole things", 0, slash);
  return digits > MAX_AMOUNT
    ? fault("this is more than can be counted", 0, slash)
    : parsed({ kind: "rate", count: digits, per });
}

/** The longest unit, up to days, that leaves a whole number. */
export function formatDuration(ns: bigint): string {
  return inUnits(
    ns,
    [
      ["d", duration.d],
      ["h", duration.h],
      ["min", duration.min],
      ["s", duration.s],
      ["ms", duration.ms],
      ["us", duration.us],
      ["ns", 1n],
    ],
    "s",
  );
}

/** The largest unit that leaves a whole number: binary before decimal. */
export function formatSize(bytes: bigint): string {
  return inUnits(
    bytes,
    [
      ["TiB", size.TiB],
      ["GiB", size.GiB],
      ["MiB", size.MiB],
      ["KiB", size.KiB],
      ["TB", size.TB],
      ["GB", size.GB],
      ["MB", size.MB],
      ["kB", size.kB],
      ["B", 1n],
    ],
    "B",
  );
}

function inUnits(amount: bigint, table: readonly (readonly [string, bigint])[], zero: string): string {
  if (amount === 0n) return `0${zero}`;
  const [unit, factor] = table.find(([, it]) => amount % it === 0n)!;
  return `${amount / factor}${unit}`;
}

export function formatRate({ count, per }: RateValue): string {
  const unit = Object.entries(duration).find(([, factor]) => factor === per);
  return unit ? `${count}/${unit[0]}` : `${count}/${formatDuration(per)}`;
}

/** In the largest unit in which the number is 1 or more. */
export function formatMeasure({ of, millionths }: MeasureValue): string {
  const table = Object.entries(units[of]).toReversed();
  const amount = millionths < 0n ? -millionths : millionths;
  const [unit, factor] = table.find(([, it]) => amount >= it) ?? table.find(([, it]) => it === MILLION)!;
  const places = factor.toString().length - 1;
  return `${formatScaled(millionths, places)}${unit}`;
}
