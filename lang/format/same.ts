/** Whether two trees say the same: everything but places and the way in which it is written. */
import type { FileAst } from "../syntax/ast.ts";
import { canonical } from "./literals.ts";

/** What is of the writing only. The raw text of a string is in its parts as well. */
const ofWriting: ReadonlySet<string> = new Set([
  "span",
  "head",
  "operatorSpan",
  "patternSpan",
  "offsets",
  "comments",
]);

export function sameTree(a: FileAst, b: FileAst): boolean {
  return sameNode(a, b) && sameComments(a, b);
}

function sameComments(a: FileAst, b: FileAst): boolean {
  return (
    a.comments.length === b.comments.length &&
    a.comments.every(({ doc, text }, n) => doc === b.comments[n]!.doc && text === b.comments[n]!.text)
  );
}

function sameNode(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => {
    if (key === "raw") return sameRaw(one, other);
    // A setting's head is a place, a path's is a name.
    if (ofWriting.has(key) && !(key === "head" && one["kind"] === "path")) return true;
    return sameNode(one[key], other[key]);
  });
}

function sameRaw(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const kind = String(a["kind"]);
  if (kind === "string") return true;
  return canonical(kind, String(a["raw"])) === canonical(kind, String(b["raw"]));
}
