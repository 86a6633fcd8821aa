/** An image that is about to run: its file, its address, and what is said of it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuildReport } from "#compiler";
import type { Publication } from "../publish.ts";
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

/** The address that the first `net` block has. */
export function guestOf({ modules }: BuildReport): string | undefined {
  const [first] = modules.find(({ path }) => path === "std/net")?.settings ?? [];
  return first?.options["address"]?.split("/")[0];
}

export function reachedOn({ appliance, target }: BuildReport, publications: readonly Publication[]): string {
  const ports = publications.map(placeOf).join(", ");
  const where =
    ports === "" ? "starts; without --publish nothing here leads to it" : `is reached on ${ports}`;
  return `${appliance}@${target} ${where}; Ctrl-C ends it\n`;
}
