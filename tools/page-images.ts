/** Pictures of the pages for the manual: `npx tsx tools/page-images.ts`, after the pages have changed. Looked at by a person, compared by nobody. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "./browser.ts";

interface Picture {
  readonly name: string;
  readonly page: "inspect.html" | "changes.html";
  readonly width: number;
  readonly height: number;
  readonly dark?: true;
  /** What is done before it is taken. */
  readonly before?: (page: Page) => Promise<void>;
}

const to = (id: string) => async (page: Page) => {
  await page.evaluate((name) => document.getElementById(name)!.scrollIntoView(), id);
};

const pictures: readonly Picture[] = [
  { name: "inspect-size", page: "inspect.html", width: 1000, height: 700, before: to("size") },
  {
    name: "inspect-modules",
    page: "inspect.html",
    width: 1000,
    height: 940,
    dark: true,
    async before(page) {
      await page.click(".graph a:has-text('std/net/arp')");
      await page.evaluate(() => document.getElementById("modules")!.scrollIntoView());
    },
  },
  { name: "diff", page: "changes.html", width: 1000, height: 700 },
  { name: "inspect-phone", page: "inspect.html", width: 390, height: 780, dark: true, before: to("size") },
];

const folder = mkdtempSync(join(tmpdir(), "appl-pictures-"));
const browser = await startBrowser();
try {
  makePages();
  for (const picture of pictures) {
    const bytes = await taken(picture, browser);
    writeFileSync(`docs/images/${picture.name}.webp`, bytes);
    process.stdout.write(`docs/images/${picture.name}.webp  ${bytes.length} bytes\n`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

function makePages(): void {
  const appl = (...words: readonly string[]) => {
    try {
      execFileSync(resolve("node_modules/.bin/tsx"), [resolve("cli/main.ts"), ...words], { cwd: folder });
    } catch (error) {
      // Two images differ: that is what is to be shown.
      if ((error as { status?: number }).status !== 1 || words[0] !== "diff") throw error;
    }
  };
  cpSync("examples/ns1", folder, { recursive: true });
  appl("build", "ns1.appl@kvm", "-o", "before.elf");
  appl("inspect", "before.elf", "--html", "inspect.html");
  const text = readFileSync(join(folder, "ns1.appl"), "utf8");
  const zone = readFileSync(join(folder, "example.org.zone"), "utf8");
  writeFileSync(join(folder, "ns1.appl"), text.replace("ttl = 5min", "ttl = 1min"));
  writeFileSync(
    join(folder, "example.org.zone"),
    `${zone.trimEnd()}\nftp     IN A    192.0.2.82\nirc     IN A    192.0.2.83\n`,
  );
  appl("build", "ns1.appl@kvm", "-o", "ns1.elf");
  appl("diff", "before.elf", "ns1.elf", "--html", "changes.html");
}

/** As WebP: the browser has an encoder, so nobody else needs one. */
async function taken({ page, width, height, dark, before }: Picture, from: Browser): Promise<Buffer> {
  const colorScheme = dark ? "dark" : "light";
  const context = await from.newContext({ viewport: { width, height }, colorScheme });
  const shown = await context.newPage();
  await shown.goto(pathToFileURL(join(folder, page)).href);
  await before?.(shown);
  const png = (await shown.screenshot()).toString("base64");
  const blank = await context.newPage();
  const url = await blank.evaluate(async (source) => {
    const image = new Image();
    image.src = `data:image/png;base64,${source}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: image.width,
      height: image.height,
    });
    canvas.getContext("2d")!.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.8);
  }, png);
  await context.close();
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
}
