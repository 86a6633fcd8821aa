/** Lines of a console in which an image says where it has failed. */

import type { Lines } from "./document.ts";
import { type CodePlace, findCode, foundText } from "./find.ts";

/** `restart 1: unreachable in function 37 + 0x1c, address 0x0` */
const RESTART = /\bin function (\d{1,9}) \+ 0x([0-9a-f]{1,8})\b/;
/** `appl: trap 0 at 1c4f address 0; it fails again and again; stopped` */
const STOPPED = /\btrap \w{1,8} at ([0-9a-f]{1,8}) address [0-9a-f]{1,16}; it fails/;
/** `appl: registers 400d1c52 3ffb1f80 …, return to 1c52`: behind a call. */
const RETURN = /\bregisters [0-9a-f ]{1,200}, return to ([0-9a-f]{1,8})\b/;
/** `37 + 0x1c` */
const BARE = /(?:^|[^\w.])(\d{1,9})\s*\+\s*0x([0-9a-f]{1,8})\b/i;

/** Undefined if there is none in it. With `isBare` the place alone will do. */
export function trapPlace(line: string, isBare = false): CodePlace | undefined {
  const [, code] = STOPPED.exec(line) ?? [];
  if (code !== undefined) return { code: Number.parseInt(code, 16) };
  const [, back] = RETURN.exec(line) ?? [];
  if (back !== undefined) return { code: Math.max(0, Number.parseInt(back, 16) - 1) };
  const [, number, offset] = RESTART.exec(line) ?? (isBare ? BARE.exec(line) : undefined) ?? [];
  if (number === undefined || offset === undefined) return undefined;
  return { function: Number(number), offset: Number.parseInt(offset, 16) };
}

/** What to print below such a line; undefined below others. */
export function trapText(line: string, lines: Lines): string | undefined {
  const place = trapPlace(line);
  const found = place && findCode(lines, place);
  return found && `  at ${foundText(found)}`;
}
