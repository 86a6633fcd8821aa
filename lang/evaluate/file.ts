/** Files that a description names. */
import type { FileCore } from "../check/core.ts";
import type { FileValue } from "../values/value.ts";
import type { Machine } from "./machine.ts";

/** Reads the file; the path is relative to the file that names it. */
export function readFile({ path, pathSpan, span }: FileCore, machine: Machine): FileValue {
  const resolved = resolvePath(span.source, path);
  if ("reason" in resolved) throw machine.stop("E0313", pathSpan, { path, reason: resolved.reason });
  const bytes = machine.around.read(resolved.path);
  if (!bytes) throw machine.stop("E0307", pathSpan, { path, looked: resolved.path });
  if (holdsPrivateKey(bytes)) throw machine.stop("E0312", pathSpan, { path });
  return { kind: "file", path: resolved.path, bytes, span };
}

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
  return { path: root + steps.join("/") };
}

const MARKS = ["PRIVATE KEY-----", "AGE-SECRET-KEY-1", "-----BEGIN OPENSSH PRIVATE KEY"];
const LOOKED_AT = 64 * 1024;

function holdsPrivateKey(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT));
  return MARKS.some((mark) => text.includes(mark));
}
