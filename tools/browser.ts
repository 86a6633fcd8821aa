/** A headless Chromium for tests and pictures of the pages. */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"] as const;

/** Debian's; what is not there is never skipped. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error(
      "there is no Chromium here; run: sudo apt-get install -y --no-install-recommends chromium-headless-shell",
    );
  return chromium.launch({ executablePath });
}
