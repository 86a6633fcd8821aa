/** Golden files: input, a line of four dashes, output. `npm run bless` rewrites the outputs; the diff is the review. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

const LINE = "\n----\n";

/** One test a file in the folder, named as the file is. */
export function golden(folder: URL, run: (input: string) => string): void {
  for (const name of readdirSync(folder).sort()) {
    test(name.replace(/\.\w+$/, "").replaceAll("-", " "), () => {
      const file = new URL(name, folder);
      const text = readFileSync(file, "utf8");
      const at = text.indexOf(LINE);
      const input = at < 0 ? text : text.slice(0, at + 1);
      const output = run(input);
      if (process.env["BLESS"]) writeFileSync(file, `${input}----\n${output}`);
      else expect(`${input}----\n${output}`).toBe(text);
    });
  }
}
