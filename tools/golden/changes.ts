/** The change log of the examples' images: an entry for each change, with what `appl diff` says of it. */
import { compareBuilds, differenceText } from "../../compiler/index.ts";
import type { Golden } from "./digests.ts";
import { givenOf, type Objects } from "./objects.ts";

export interface Change {
  readonly before: Golden | undefined;
  readonly now: Golden;
}

/** `objects` has those of both sides. Without a known side before, the example is new. */
export function entryOf({ before, now }: Change, objects: Objects, why: string): string {
  const heading = `## ${now.name} ${before === undefined ? "is new" : `${short(before.image)} -> ${short(now.image)}`}`;
  const digests = `- contents \`${now.contents}\`\n- image \`${now.image}\``;
  const parts = [heading, ...(why === "" ? [] : [why]), digests];
  if (before !== undefined) parts.push(`\`\`\`text\n${differenceOf(before, now, objects).trimEnd()}\n\`\`\``);
  return `\n${parts.join("\n\n")}\n`;
}

function differenceOf(before: Golden, now: Golden, objects: Objects): string {
  const read = { blob: (digest: Golden["report"]) => objects.get(digest) };
  const { difference } = compareBuilds(givenOf(before.report, objects), givenOf(now.report, objects), read);
  return differenceText(difference, { names: { a: "before", b: "now" }, all: false });
}

/** The digests and the text of the last entry about an example. */
export function lastEntry(
  log: string,
  name: string,
): { readonly contents: string; readonly image: string; readonly diff: string | undefined } | undefined {
  const entry = log.split(/^## /m).findLast((each) => each.startsWith(`${name} `));
  const [, contents, image] = /^- contents `(.*)`\n- image `(.*)`$/m.exec(entry ?? "") ?? [];
  if (entry === undefined || contents === undefined || image === undefined) return undefined;
  return { contents, image, diff: /^```text\n([\s\S]*?)\n```$/m.exec(entry)?.[1] };
}

const short = (digest: string): string => digest.slice("sha256:".length, "sha256:".length + 10);
