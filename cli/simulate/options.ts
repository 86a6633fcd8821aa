/** What the options of `appl simulate` say. */
import { type Conditions, HOUR, MICROSECOND, MILLISECOND, MINUTE, SECOND, type Time } from "#simulate";
import { usageError } from "../exit.ts";
import type { Cut } from "./cuts.ts";

const DAY = 24 * HOUR;
/** A simulation counts nanoseconds, and has no more of them. */
const LONGEST = 100 * DAY;

const times = { us: MICROSECOND, ms: MILLISECOND, s: SECOND, min: MINUTE, h: HOUR, d: DAY } as const;
const rates = { "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9 } as const;

/** `1.5ms` in the units of a table; undefined if it is nothing of the kind. */
function quantity(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?)([A-Za-z/]+)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  return Number(number) * units[unit]!;
}

export function timeOf(text: string): Time | undefined {
  const time = text === "0" ? 0 : quantity(text, times);
  return time === undefined || time > LONGEST ? undefined : Math.round(time);
}

/** The value of an option that is given at most once. */
function single(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  if (Array.isArray(given)) throw usageError(`--${name} is given several times`);
  return String(given);
}

export function timeOption(options: Readonly<Record<string, unknown>>, name: string): Time | undefined {
  const text = single(options, name);
  if (text === undefined) return undefined;
  const time = timeOf(text);
  if (time === undefined)
    throw usageError(`--${name} wants a time like 20ms, 10s or 1h, at most 100d, and not \`${text}\``);
  return time;
}

function chance(options: Readonly<Record<string, unknown>>, name: string): number {
  const text = single(options, name);
  if (text === undefined) return 0;
  const [, number] = /^(\d{1,3}(?:\.\d{1,9})?)%$/.exec(text) ?? [];
  if (number === undefined || Number(number) > 100)
    throw usageError(`--${name} wants 0% to 100%, and not \`${text}\``, `for example --${name} 1%`);
  return Number(number) / 100;
}

function bandwidth(options: Readonly<Record<string, unknown>>): number {
  const text = single(options, "bandwidth");
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const rate = quantity(text, rates);
  if (rate === undefined || rate <= 0)
    throw usageError(`--bandwidth wants one like 10Mbit/s, and not \`${text}\``);
  return rate;
}

export function numberOption(
  options: Readonly<Record<string, unknown>>,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const text = single(options, name);
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw usageError(`--${name} wants a whole number from ${least} to ${most}, and not \`${text}\``);
}

export function conditionsOf(options: Readonly<Record<string, unknown>>): Partial<Conditions> {
  return {
    bandwidth: bandwidth(options),
    delay: timeOption(options, "delay") ?? 0,
    jitter: timeOption(options, "jitter") ?? 0,
    loss: chance(options, "loss"),
    duplication: chance(options, "duplicate"),
    reordering: chance(options, "reorder"),
    corruption: chance(options, "corrupt"),
    mtu: numberOption(options, "mtu", { least: 68, most: 9000 }) ?? Number.POSITIVE_INFINITY,
  };
}

export function cutsOf(given: unknown): readonly Cut[] {
  return texts(given).map((text) => {
    const [, appliance, first, last] = /^(?:([^=]+)=)?([^.=]+(?:\.\d+[a-z]+)?)\.\.(.+)$/.exec(text) ?? [];
    const [from, to] = [timeOf(first ?? ""), timeOf(last ?? "")];
    if (from === undefined || to === undefined || from >= to)
      throw usageError(`--cut wants [APPLIANCE=]FROM..TO, and not \`${text}\``, "for example --cut 2s..5s");
    return { appliance, from, to };
  });
}

/** Of an option that may be given several times. */
export const texts = (given: unknown): readonly string[] =>
  Array.isArray(given) ? given.filter((text) => text !== "undefined").map(String) : [];
