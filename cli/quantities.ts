/** Times and sizes as people write them. */
import { usageError } from "./exit.ts";

const SECOND = 1000;
const units: Readonly<Record<string, number>> = {
  s: SECOND,
  min: 60 * SECOND,
  h: 3600 * SECOND,
  d: 24 * 3600 * SECOND,
  w: 7 * 24 * 3600 * SECOND,
};

/** `30d` in ms. */
export function duration(given: unknown, option: string): number {
  const [, count, unit] = /^(\d{1,6})([a-z]+)$/.exec(String(given)) ?? [];
  const size = unit !== undefined && Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (size === undefined)
    throw usageError(`${option} wants a time like 12h, 30d or 8w, and not \`${given}\``);
  return Number(count) * size;
}

/** A whole number of the command line. */
export function count(given: unknown, option: string): number {
  const text = String(given);
  if (!/^\d{1,6}$/.test(text)) throw usageError(`${option} wants a whole number, and not \`${text}\``);
  return Number(text);
}

/** `3 days`: to one unit, rounded down. */
export function ago(ms: number): string {
  const [unit, name] = ms < units["h"]! ? ["min", "minute"] : ms < units["d"]! ? ["h", "hour"] : ["d", "day"];
  return plural(Math.floor(Math.max(0, ms) / units[unit]!), name);
}

export const plural = (count: number, name: string, several = `${name}s`): string =>
  `${count} ${count === 1 ? name : several}`;

/** `12.3 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return plural(bytes, "byte");
  const names = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let n = 0;
  for (; value >= 1024 && n < names.length - 1; n++) value /= 1024;
  return `${value.toFixed(1)} ${names[n]}`;
}
