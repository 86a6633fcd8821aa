/** Compares the table of `layers.ts` with the imports that the files make. Exit 1 and one line for each breach. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { importsOf } from "./imports.ts";
import { asDriverShared, asFolders, asShared, isTest, layers } from "./layers.ts";

const doors: Readonly<Record<string, string>> = {
  "#lang": "lang",
  "#ide": "lang/ide",
  "#compiler": "compiler",
  "#codegen": "compiler/codegen",
  "#backends": "backends",
  "#simulate": "simulate",
};

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(file));

/** The longest folder of the table that contains this file. */
function layerOf(file: string): string | undefined {
  return Object.keys(layers)
    .filter((folder) => file.startsWith(`${folder}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

const breaches = files.flatMap((file) => {
  if (asFolders.some((folder) => file.startsWith(folder)) && !isTest(file)) return checkAs(file);
  return checkTs(file);
});

for (const breach of breaches) console.error(breach);
console.log(`layers: ${files.length} files, ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;

function checkTs(file: string): string[] {
  const layer = layerOf(file);
  if (layer === undefined || isTest(file) || layers[layer]!.includes("*")) return [];
  const allowed = layers[layer]!;
  return importsOf(readFileSync(file, "utf8")).flatMap(({ specifier, line }) => {
    const ok = specifier.startsWith(".")
      ? relativeIsAllowed(layer, allowed, posix.join(posix.dirname(file), specifier))
      : allowed.some(
          (name) => specifier === name || specifier.startsWith(name.endsWith(":") ? name : `${name}/`),
        ) || doors[specifier] === layer;
    return ok ? [] : [`${file}:${line}: ${layer}/ may not import ${specifier}`];
  });
}

function relativeIsAllowed(layer: string, allowed: readonly string[], target: string): boolean {
  if (!target.startsWith(`${layer}/`))
    return allowed.some((name) => name.endsWith("/") && target.startsWith(name));
  return !Object.values(doors).some(
    (folder) => folder !== layer && folder.startsWith(`${layer}/`) && target.startsWith(`${folder}/`),
  );
}

function checkAs(file: string): string[] {
  const folder = posix.dirname(file);
  const mayShare = file.startsWith("backends/") ? [...asShared, ...asDriverShared] : asShared;
  return importsOf(readFileSync(file, "utf8")).flatMap(({ specifier, line }) => {
    if (!specifier.startsWith("."))
      return [`${file}:${line}: a module imports its own files and stdlib/core only, not ${specifier}`];
    const target = posix.join(folder, specifier);
    if (mayShare.some((shared) => target.startsWith(shared))) return [];
    const own =
      target.startsWith(`${folder}/`) ||
      posix.dirname(target) === posix.dirname(folder) ||
      target.startsWith(`${posix.dirname(folder)}/`);
    // Another library's interface file: directly inside stdlib/LIBRARY, where its abstract classes are declared.
    const service = /^stdlib\/[a-z0-9_]+\/[a-z0-9-]+$/.test(target);
    return own || service ? [] : [`${file}:${line}: reaches into another module: ${specifier}`];
  });
}
