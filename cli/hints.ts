/** What to write instead, for one who named a file that is not there. */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearest } from "#lang";
import type { CommandRow } from "./command.ts";

const MOST = 8;

/** Descriptions that lie in `folder`, as they can be named from here. */
function descriptionsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".appl"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A line of help for `file`, which is not there. */
export function hintForMissing(file: string): string | undefined {
  if (/@[\w-]+$/.test(file)) return "the target comes last: FILE:APPLIANCE@TARGET";
  const folder = dirname(file);
  const others = descriptionsIn(folder);
  const names = others.map((each) => basename(each));
  if (names.includes(`${basename(file)}.appl`)) return `did you mean \`${file}.appl\`?`;
  const [near] = nearest(basename(file), names);
  if (near !== undefined) return `did you mean \`${join(folder, near)}\`?`;
  return listed(others, folder);
}

/** The descriptions of a folder, or those of the folders in it. */
export function hintForFolder(folder: string): string {
  const direct = descriptionsIn(folder);
  const all = direct.length > 0 ? direct : foldersIn(folder).flatMap(descriptionsIn);
  return listed(all, folder) ?? "no description is in it; `appl init` begins one";
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => join(folder, name))
      .toSorted();
  } catch {
    return [];
  }
}

function listed(files: readonly string[], folder: string): string | undefined {
  if (files.length === 0) return undefined;
  const where = folder === "." ? "in this folder" : `in \`${folder}\``;
  const more = files.length > MOST ? `, and ${files.length - MOST} more` : "";
  return `descriptions ${where}: ${files.slice(0, MOST).join(", ")}${more}`;
}

/** How a command is called, with a description of this folder if there is one. */
export function exampleOf({ name, args, examples }: CommandRow): string {
  const here = descriptionsIn(".");
  if (args[0]?.kind === "description" && here.length > 1) return listed(here, ".")!;
  if (args[0]?.kind !== "description" || here.length === 0) return `for example ${examples[0]}`;
  return `for example ${["appl", name, here[0], ...args.slice(1).map(({ shown }) => shown)].join(" ")}`;
}
