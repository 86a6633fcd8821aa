/** The lint of AssemblyScript: every file of the standard library and of drivers against `dialect/rules.ts`. Exit 1 and one line for each breach. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { lint } from "./dialect/lint.ts";
import { asFolders } from "./layers.ts";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter(
    (file) =>
      asFolders.some((folder) => file.startsWith(folder)) && !file.endsWith(".test.ts") && existsSync(file),
  )
  .toSorted();

const breaches = lint(new Map(files.map((file) => [file, readFileSync(file, "utf8")])));
for (const { path, line, column, rule, message } of breaches)
  console.error(`${path}:${line}:${column}: ${message} (${rule})`);
console.log(`dialect: ${files.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
