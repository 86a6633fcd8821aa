/** What toolstacks want beside an image: `build --launcher`. */
import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Backend, backends } from "#backends";
import type { Built } from "#compiler";
import { inputError, usageError } from "./exit.ts";
import { reasonOf } from "./inputs.ts";
import { devicesOf } from "./net-blocks.ts";
import { writeFiles } from "./output.ts";

/** The names that `--launcher` gives, as far as any backend knows them. */
export function launchersGiven(given: unknown): string[] {
  const known = backends.flatMap(({ launchers = {} }) => Object.keys(launchers));
  const names = (given === undefined ? [] : [given].flat()).map(String);
  for (const name of names)
    if (!known.includes(name))
      throw usageError(
        `nobody called \`${name}\` starts machines`,
        `--launcher is one of ${known.join(", ")}`,
      );
  return names;
}

/** That images of this backend are started by them. */
export function requireLaunchers({ name, launchers = {} }: Backend, wanted: readonly string[]): void {
  const wrong = wanted.find((each) => launchers[each] === undefined);
  if (wrong === undefined) return;
  const others = backends.filter((each) => each.launchers?.[wrong] !== undefined);
  throw usageError(
    `${wrong} does not start images for ${name}`,
    `--launcher ${wrong} is for ${others.map((each) => `@${each.name}`).join(", ")}`,
  );
}

/** Writes the files of the usual one and of those that are wanted, beside the image; their paths. */
export function writeLaunchers(
  path: string,
  { image, report }: Built,
  { launchers = {} }: Backend,
  wanted: readonly string[],
): string[] {
  const names = [...new Set([...Object.keys(launchers).slice(0, 1), ...wanted])];
  const { memory } = report.machine;
  const start = {
    name: report.appliance,
    file: basename(path),
    image,
    memory: memory === undefined ? undefined : Math.ceil(memory / (1 << 20)),
    nics: devicesOf(report),
  };
  const files = names
    .flatMap((name) => launchers[name]!(start))
    .map((file) => [join(dirname(path), file.path), file.bytes] as const);
  try {
    for (const [file] of files) mkdirSync(dirname(file), { recursive: true });
    writeFiles(files);
  } catch (error) {
    throw inputError(`cannot write beside \`${path}\`: ${reasonOf(error)}`, "choose another place with -o");
  }
  return files.map(([file]) => file);
}
