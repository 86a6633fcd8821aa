/** An image that is about to run: its file, its address, and what is said of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildReport } from "#compiler";
import type { Publication } from "../publish.ts";
import { type GivenLines, givenTo } from "./given.ts";
import { placeOf } from "./ports.ts";

/** Writes the image where it can be run, for as long as `use` takes. */
export async function withImage(
  image: Uint8Array,
  { appliance, image: { extension } }: BuildReport,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "appl-run-"));
  const path = join(folder, `${appliance}.${extension}`);
  try {
    writeFileSync(path, image, { mode: 0o755 });
    await use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first address of IPv4 of the first `net` block; undefined if it asks for one, or has none. */
export function guestOf(report: BuildReport, given: GivenLines): string | undefined {
  const [first] = report.modules.find(({ path }) => path === "std/net")?.settings ?? [];
  return /(\d+\.\d+\.\d+\.\d+)\/\d/.exec(addressIn(first?.options["address"], report, given))?.[1];
}

/** What an option `address` is, as it is written; of one that the machine is given, its value. */
export function addressIn(option: string | undefined, report: BuildReport, given: GivenLines): string {
  const [, name] = /^given\((?:param )?(.*)\)$/.exec(option ?? "") ?? [];
  return (name === undefined ? option : (givenTo(name, report, given) ?? name)) ?? "";
}

export function reachedOn({ appliance, target }: BuildReport, publications: readonly Publication[]): string {
  const ports = publications.map(placeOf).join(", ");
  const where =
    ports === "" ? "starts; without --publish nothing here leads to it" : `is reached on ${ports}`;
  return `${appliance}@${target} ${where}; Ctrl-C ends it\n`;
}
