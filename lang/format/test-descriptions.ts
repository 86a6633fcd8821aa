/** Every `.appl` file of the repository that parses, and the inputs of the golden cases of errors that do. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "../syntax/parse.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const files = ["lang", "stdlib", "backends", "examples", "test"]
  .flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((name) => /\.(appl|txt)$/.test(name))
  .sort();

export const descriptions: readonly { readonly name: string; readonly text: string }[] = files
  .map((name) => ({ name, text: readFileSync(root + name, "utf8").replace(/\n----\n[\s\S]*$/, "\n") }))
  .filter(({ text }) => text.startsWith("appl ") && parse("f", text).diagnostics.length === 0);
