/** `--html FILE`: a page beside what a command prints. */
import { basename, dirname, join } from "node:path";
import { writeText } from "./edges/write-text.ts";
import { inputError, usageError } from "./exit.ts";
import { lookAt } from "./inputs.ts";
import { grouped } from "./modules-report.ts";
import { sameFile } from "./output.ts";

/** Where the page is to be; mistakes that can be seen now are said before anything is built. `read` is what the command reads. */
export function pageGiven(given: unknown, read: readonly string[]): string | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) throw usageError("`--html` wants one file, and is given several times");
  const path = String(given);
  const folder = dirname(path);
  if (lookAt(folder)?.isDirectory() !== true)
    throw inputError(
      `there is no folder \`${folder}\` to write \`${basename(path)}\` into`,
      `mkdir -p ${folder}`,
    );
  if (lookAt(path)?.isDirectory() === true)
    throw inputError(`\`${path}\` is a folder`, `name the file: --html ${join(path, "report.html")}`);
  const own = read.find((input) => sameFile(path, input));
  if (own !== undefined)
    throw inputError(`\`${path}\` is \`${own}\` itself`, "choose another place with --html");
  return path;
}

/** What is to be said of it. */
export function writePage(path: string, page: string): string {
  writeText(path, page);
  return `\npage  ${path}  ${grouped(Buffer.byteLength(page))} bytes\n`;
}
