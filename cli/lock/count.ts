/** Builds that count: what has to grow grows, and `appl.lock` has it before there is an image with it. */
import * as z from "zod";
import type { BuildResult } from "#compiler";
import type { Counter, CounterLine, LockLine } from "#lang";
import { today } from "../edges/today.ts";
import { inputError } from "../exit.ts";
import { buildSubject, type Subject } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { changeLock } from "./lock-file.ts";

/** Others may count the same at the same time; then it is done once more, with what they have written. */
const TRIES = 4;

export async function buildCounting(
  subject: Subject,
  terminal: Terminal,
  options: { readonly locked: boolean; readonly jobs?: number | undefined },
): Promise<BuildResult> {
  const day = options.locked ? undefined : today();
  for (let n = 0; n < TRIES; n++) {
    const result = await buildSubject(subject, terminal, { ...options, ...(day && { day }) });
    if (result.built === undefined || writeCounters(subject.folder, result.counters)) return result;
  }
  throw inputError(
    "`appl.lock` was changed by others again and again meanwhile",
    "run it once more when they are done",
  );
}

/** False, and nothing is written, if the lock says something else by now. */
export function writeCounters(folder: string, counters: readonly Counter[]): boolean {
  const changed = counters.filter((counter) => counter.changed);
  if (changed.length === 0) return true;
  let isCurrent = true;
  changeLock(folder, ({ lock }) => {
    isCurrent = changed.every(({ before, line }) => {
      const now = lock.get(line.name);
      return isSame(now, before) || isSame(now, line);
    });
    return isCurrent
      ? new Map([...lock, ...changed.map(({ line }) => [line.name, line] as const)]).values()
      : undefined;
  });
  return isCurrent;
}

function isSame(a: LockLine | undefined, b: CounterLine | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === "counter" && a.number === b.number && a.digest === b.digest;
}

/** `serial/ns1/example.com  2026112100 -> 2026112101`. */
export function counterText({ line, before }: Counter): string {
  return `${line.name}  ${before === undefined ? "" : `${before.number} -> `}${line.number}`;
}

export const counterShape = z.object({
  name: z.string().describe("serial/APPLIANCE/LABEL, as in appl.lock"),
  before: z.number().optional(),
  number: z.number(),
});

export const counterRow = ({ line, before }: Counter): z.output<typeof counterShape> => ({
  name: line.name,
  ...(before && { before: before.number }),
  number: line.number,
});
