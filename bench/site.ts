/** The site that benchmarks of HTTP ask for: files of the sizes of bench/peers.ts, and one for long transfers. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { folder } from "./appliance.ts";

/** Bytes of the file for long transfers: ten of them are 100 MB, and the image need not have so many. */
export const LARGE = 10_000_000;

export const files = { "index.html": 128, "10k.css": 10_240, "100k.js": 102_400 } as const;

/** Text in which nothing comes twice. */
export function text(bytes: number): string {
  const lines: string[] = [];
  for (let n = 0; n * 45 < bytes; n++)
    lines.push(`${createHash("sha256").update(`${n}`).digest("base64")}\n`);
  return lines.join("").slice(0, bytes);
}

/** The folder with the files. */
export function siteFolder(hasLarge = false): string {
  const path = join(folder, hasLarge ? "large-site" : "site");
  mkdirSync(path, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), text(bytes));
  if (hasLarge) writeFileSync(join(path, "large.bin"), text(LARGE));
  return path;
}

/** A description of an appliance that serves the folder; its path. */
export function siteOf(root: string, address: string, gateway: string, limits = ""): string {
  const path = join(folder, `site-${address}.appl`);
  writeFileSync(
    path,
    `appl 1
use std/net
use std/http

appliance bench {
  net eth0 { address = ${address}/24; gateway = ${gateway} }
  http {
    listen { plain = *:80 }
    limits { per_client = none${limits} }
    server main { files "/" { root = dir "./${basename(root)}" } }
  }
}
`,
  );
  return path;
}
