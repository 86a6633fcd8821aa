/** The only clock that a lock ever sees. */
import type { Day } from "#lang";
import { usageError } from "../exit.ts";

/** In UTC, so that it does not depend on where one sits; `SOURCE_DATE_EPOCH` (seconds) takes the place of the clock, as in other build tools. */
export function today(environment: NodeJS.ProcessEnv = process.env): Day {
  const given = environment["SOURCE_DATE_EPOCH"];
  const now = new Date(given === undefined || given === "" ? Date.now() : Number(given) * 1000);
  if (Number.isNaN(now.getTime()))
    throw usageError(`SOURCE_DATE_EPOCH is to be whole seconds, and not \`${given}\``);
  return [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()];
}
