/** The cache is there to save time: what is wrong with it is said in one line, once, and stops nobody. */
import type { Digest } from "#compiler";
import type { Terminal } from "../terminal.ts";
import { cacheFolder, type NodeBlobs } from "./node-blobs.ts";

const said = new WeakMap<Terminal, Set<string>>();

export function tellTrouble({ trouble }: NodeBlobs, damaged: readonly Digest[], terminal: Terminal): void {
  const [first] = damaged;
  if (first !== undefined) {
    const what = damaged.length === 1 ? "was" : `and ${damaged.length - 1} more were`;
    say(`${shortDigest(first)} ${what} damaged in the cache; \`appl verify\` looks at all of it`, terminal);
  }
  if (trouble !== undefined)
    say(`the cache \`${cacheFolder()}\` keeps nothing of this: ${trouble}`, terminal);
}

function say(line: string, terminal: Terminal): void {
  const lines = said.get(terminal) ?? new Set();
  if (lines.has(line)) return;
  said.set(terminal, lines.add(line));
  terminal.error(`appl: ${line}\n`);
}

/** The first ten digits, which are enough to name it again. */
export const shortDigest = (digest: string): string => digest.replace(/^sha256:/, "").slice(0, 10);
