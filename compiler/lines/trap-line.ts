/** Lines of a console in which an image says where it has failed. */

import type { Lines } from "./document.ts";
import { type CodePlace, findCode, foundText } from "./find.ts";

/** `restart 1: unreachable in function 37 + 0x1c, address 0x0`, or only `37 + 0x1c`. Undefined if nothing of the kind is in it. */
export function trapPlace(line: string, isBare = false): CodePlace | undefined {
  const pattern = isBare
    ? /(?:^|[^\w.])(\d{1,9})\s*\+\s*0x([0-9a-f]{1,8})\b/i
    : /\bin function (\d{1,9}) \+ 0x([0-9a-f]{1,8})\b/;
  const [, number, offset] = pattern.exec(line) ?? [];
  if (number === undefined || offset === undefined) return undefined;
  return { function: Number(number), offset: Number.parseInt(offset, 16) };
}

/** What to print below such a line; undefined below others. */
export function trapText(line: string, lines: Lines): string | undefined {
  const place = trapPlace(line);
  const found = place && findCode(lines, place);
  return found && `  at ${foundText(found)}`;
}
