/** The only clock that a lock ever sees, and the time that documents bear if somebody has said which. */
import type { Day } from "#lang";
import { usageError } from "../exit.ts";

/** The end of the year 9999: later years have more digits than time stamps allow. */
const LATEST = 253_402_300_799;

/** In UTC, so that it does not depend on where one sits; `SOURCE_DATE_EPOCH` (seconds) takes the place of the clock, as in other build tools. */
export function today(environment: NodeJS.ProcessEnv = process.env): Day {
  const given = sourceDate(environment);
  const now = new Date(given === undefined ? Date.now() : given * 1000);
  return [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()];
}

/** Seconds; undefined if nothing is said. */
export function sourceDate(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const given = environment["SOURCE_DATE_EPOCH"];
  if (given === undefined || given === "") return undefined;
  const seconds = Number(given);
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > LATEST)
    throw usageError(`SOURCE_DATE_EPOCH is to be whole seconds, and not \`${given}\``);
  return seconds;
}
