/** Texts that the user edits as well. */
import { chmodSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inputError } from "../exit.ts";
import { lookAt, reasonOf } from "../inputs.ts";

/** The file is complete or as it was; its permissions stay, and a symbolic link is written through. */
export function writeText(path: string, text: string): void {
  let draft: string | undefined;
  try {
    const there = lookAt(path);
    const place = there === undefined ? path : realpathSync(path);
    draft = join(dirname(place), `.appl-${process.pid}.new`);
    writeFileSync(draft, text);
    if (there !== undefined) chmodSync(draft, there.mode);
    renameSync(draft, place);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { force: true });
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`);
  }
}
