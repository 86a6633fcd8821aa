/**
 * What `appl init` can begin: a folder `start` in a library's folder, with a description that works as it is and the files that it
 * needs. Those whose modules have no code yet are not offered.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { backends } from "#backends";
import { configured } from "#compiler";
import { type Diagnostic, MemoryFiles } from "#lang";
import { libraryFiles } from "../edges/library-files.ts";
import { nodeFiles } from "../edges/node-files.ts";
import { packageRoot } from "../edges/tool.ts";

export interface Kind {
  /** The library's: `dns`. */
  readonly name: string;
  /** What it is, for people: the first comment of its description. */
  readonly title: string;
  /** The appliance's name in the description, which is the file's. */
  readonly appliance: string;
  /** Address and prefix length of its first interface. */
  readonly address: string;
  /** By name, the description among them. */
  readonly files: ReadonlyMap<string, string>;
}

/** In the order of their names. */
export function kinds(): readonly Kind[] {
  const library = join(packageRoot(), "stdlib");
  return readdirSync(library)
    .toSorted()
    .flatMap((name) => kindIn(join(library, name, "start"), name) ?? [])
    .filter(hasCode);
}

function kindIn(folder: string, name: string): Kind | undefined {
  if (!existsSync(folder)) return undefined;
  const files = new Map(
    readdirSync(folder)
      .toSorted()
      .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  );
  const main = [...files.keys()].find((file) => file.endsWith(".appl"));
  if (main === undefined) throw new Error(`BUG: no description in ${folder}`);
  const text = files.get(main)!;
  return {
    name,
    title: /^# (.*)$/m.exec(text)?.[1] ?? name,
    appliance: main.slice(0, -".appl".length),
    address: /\baddress = (\S+\/\d+)/.exec(text)?.[1] ?? "",
    files,
  };
}

function hasCode(kind: Kind): boolean {
  const { configurations } = read(kind.files, kind.appliance);
  return configurations.some(({ modules }) =>
    modules.every(({ module, parts }) => module.code.length > 0 && !parts.some((it) => it.on && it.planned)),
  );
}

/** What is wrong with the files of an appliance; nothing is compiled. */
export function mistakesIn(files: ReadonlyMap<string, string>, appliance: string): readonly Diagnostic[] {
  return read(files, appliance).diagnostics.filter(({ severity }) => severity === "error");
}

function read(files: ReadonlyMap<string, string>, appliance: string) {
  return configured({
    path: `${appliance}.appl`,
    files: new MemoryFiles(Object.fromEntries(files)),
    libraries: nodeFiles(packageRoot()),
    libraryFiles,
    backends,
  });
}
