/** What the code of an image was made of, if a build of it is in this machine's cache. */
import { contentsOf } from "#backends";
import type { Store } from "#compiler";
import { type Digest, decodeLines, knownBuilds, type Lines, readReport } from "#compiler";
import { openStore } from "../session.ts";

export async function linesOfImage(image: Uint8Array): Promise<Lines | undefined> {
  const contents = contentsOf(image);
  return contents === undefined ? undefined : linesIn(await openStore(), contents);
}

/** Of whichever build with these contents still knows. */
export function linesIn(store: Store, contents: string): Lines | undefined {
  for (const build of knownBuilds(contents as Digest, store)) {
    const report = readReport(build, store);
    const lines = report && decodeLines(store.blob(report.lines));
    if (lines !== undefined) return lines;
  }
  return undefined;
}
