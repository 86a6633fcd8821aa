/** Files that a description names. */
import type { FileCore } from "../check/core.ts";
import { packageAround } from "../lock/package.ts";
import type { Span } from "../source/span.ts";
import type { FileValue } from "../values/value.ts";
import type { Machine, Surroundings } from "./machine.ts";
import { holdsPrivateKey } from "./private-key.ts";

/** Reads the file; the path is relative to the file that names it. */
export function readFile({ path, pathSpan, span }: FileCore, machine: Machine): FileValue {
  const { around } = machine;
  const looked = wholePath(path, pathSpan, machine);
  const bytes = around.read(looked);
  if (!bytes)
    throw machine.stop("E0307", pathSpan, {
      what: "file",
      path,
      looked,
      is: isFolder(looked, around),
      beside: beside(looked, around),
    });
  if (holdsPrivateKey(bytes)) throw machine.stop("E0312", pathSpan, { path });
  return { kind: "file", path: looked, bytes, executable: false, span };
}

/** The path that `Files` knows; throws `Stop` if it is not one that may be read. */
export function wholePath(path: string, span: Span, machine: Machine): string {
  const resolved = resolvePath(span.source, path);
  if ("reason" in resolved) throw machine.stop("E0313", span, { path, reason: resolved.reason });
  return resolved.path;
}

const isFolder = (path: string, around: Surroundings) =>
  around.list(path) ? ("folder" as const) : undefined;

/** Joins a written path to the folder of the file that it is written in. */
export function resolvePath(
  from: string,
  path: string,
): { readonly path: string } | { readonly reason: string } {
  if (path === "") return { reason: "the path is empty" };
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path))
    return { reason: "it is absolute: another machine would not have it" };
  if (path.includes("\\")) return { reason: "folders are separated by `/`" };
  if (path.includes("\0")) return { reason: "it has a character that no path has" };
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  const root = folder.startsWith("/") ? "/" : "";
  const steps = folder.split("/").filter((step) => step !== "" && step !== ".");
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") steps.push(step);
    else if (steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (root) return { reason: "it leads out of everything" };
    else steps.push("..");
  }
  const found = root + steps.join("/");
  const home = packageAround(from);
  if (home !== undefined && !found.startsWith(home))
    return { reason: "it leads out of the package, which is known by its own files only" };
  return { path: found };
}

/** What else is in the folder that a path leads to. */
export function beside(looked: string, around: Pick<Surroundings, "list">): readonly string[] {
  const slash = looked.lastIndexOf("/");
  const entries = around.list(slash < 0 ? "." : looked.slice(0, slash)) ?? [];
  return entries.map(({ name }) => `./${slash < 0 ? "" : looked.slice(0, slash + 1)}${name}`);
}
