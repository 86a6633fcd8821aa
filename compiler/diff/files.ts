/** Two versions of a file: its size, and if both are texts that are still in the store, their lines. */
import { diffLines } from "diff";
import { type PatchLine, turnedPatch } from "./difference.ts";
import type { FileInRecipe } from "./documents.ts";
import type { Both, Walk } from "./walk.ts";

/** Texts that differ in more lines than this are only said to differ. */
const MOST_EDITS = 1000;
/** Equal lines before and after a change. */
const AROUND = 2;

export function patchOf({ a, b }: Both<FileInRecipe>, walk: Walk): PatchLine[] {
  const texts = { a: textOf(walk.bytes(a.digest)), b: textOf(walk.bytes(b.digest)) };
  if (texts.a === undefined || texts.b === undefined) return [];
  // From the lesser digest to the greater one: then the answer does not depend on which side is the first.
  return a.digest < b.digest ? between(texts.a, texts.b) : turnedPatch(between(texts.b, texts.a));
}

function between(from: string, to: string): PatchLine[] {
  const pieces = diffLines(from, to, { maxEditLength: MOST_EDITS });
  if (pieces === undefined) return [];
  return pieces.flatMap(({ value, added, removed }, n): PatchLine[] => {
    const lines = value.replace(/\n$/, "").split("\n");
    if (added) return lines.map((text) => ({ sign: "+", text }));
    if (removed) return lines.map((text) => ({ sign: "-", text }));
    const head = n === 0 ? [] : lines.slice(0, AROUND);
    const tail = n === pieces.length - 1 ? [] : lines.slice(Math.max(head.length, lines.length - AROUND));
    const gap = head.length + tail.length < lines.length;
    const shown = (text: string): PatchLine => ({ sign: " ", text });
    const outer = n === 0 || n === pieces.length - 1;
    return [
      ...head.map(shown),
      ...(gap && !outer ? [{ sign: "…", text: "" } as const] : []),
      ...tail.map(shown),
    ];
  });
}

/** Undefined for what is no text. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
