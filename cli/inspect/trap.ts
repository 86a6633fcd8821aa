/** `inspect --trap`: what a console has said of an image that failed, with what that code was made of. */
import * as z from "zod";
import { type Found, findCode, foundText, type Lines, trapPlace, trapText } from "#compiler";
import { inputError } from "../exit.ts";
import { sourcePlace } from "../json.ts";

export const codeLine = sourcePlace.extend({ module: z.string() });

export const trap = z.object({
  function: z.string().describe("Of the machine code; what was compiled into it counts as it"),
  module: z.string().optional().describe("Whose function that is"),
  offset: z.number().describe("Bytes from its start"),
  at: codeLine.optional().describe("What this code was made of"),
  near: codeLine.optional().describe("If that is something which all modules use: what before it is not"),
});
type Trap = z.output<typeof trap>;

const json = ({ name, ...found }: Found): Trap => ({ function: name, ...found });

interface Explained {
  readonly traps: readonly Trap[];
  readonly text: string;
}

/** One line, or only `37 + 0x1c`. */
export function explainLine(line: string, lines: Lines): Explained {
  const place = trapPlace(line, true);
  if (place === undefined)
    throw inputError(
      `\`${line}\` does not say where something failed`,
      "give the line of the console, or what stands behind `function` in it: --trap '37 + 0x1c'",
    );
  const found = findCode(lines, place);
  if (found === undefined)
    throw inputError(
      "the image has no code there",
      "it may be the line of another image; `appl inspect` shows the contents digest of this one",
    );
  return { traps: [json(found)], text: `${foundText(found)}\n` };
}

/** All that a console has said: as it is, with a line below each that is about a trap. */
export function explainLog(log: string, lines: Lines): Explained {
  const traps: Trap[] = [];
  const rows = log.split("\n").flatMap((line) => {
    const place = trapPlace(line);
    const found = place && findCode(lines, place);
    if (found === undefined) return [line];
    traps.push(json(found));
    return [line, trapText(line, lines)!];
  });
  return { traps, text: rows.join("\n") };
}
