/** The pages of `inspect` and `diff`: their bytes, and how they are in a browser. Pictures of them lie in node_modules/.cache/appl-pages. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "#tools/browser";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";
import { coverage, faint, overflowing } from "./page-checks.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const pictures = resolve("node_modules/.cache/appl-pages");
/** Everything in it that is a user's wants to be markup. */
const hostile = `<script>document.title="taken"</script>`;
const hostileFile = `"'><img src=x onerror=alert(1)>.zone`;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  cpSync("examples/ns1", at("ns1"), { recursive: true });
  cpSync("examples/ns1", at("</title>"), { recursive: true });
  const text = readFileSync("examples/ns1/ns1.appl", "utf8");
  const zone = readFileSync("examples/ns1/example.org.zone", "utf8");
  writeFileSync(at("ns1/small.appl"), text.replace(/^ {2}dns \{[\s\S]*?^ {2}\}\n/m, ""));
  writeFileSync(at(`</title>/${hostileFile}`), zone);
  writeFileSync(
    at("</title>/ns1.appl"),
    text
      .replace('"./example.org.zone"', JSON.stringify(`./${hostileFile}`))
      .replace('host "www"', `host "@" { txt = [${JSON.stringify(hostile)}] }\n        host "www"`)
      .replace("ttl = 5min", "ttl = 1min"),
  );
  await applJson("build", `${at("ns1/ns1.appl")}@kvm`, "-o", at("ns1.elf"));
  await applJson("build", `${at("</title>/ns1.appl")}@host`, "-o", at("hostile.wasm"));
  await page("inspect", "ns1.elf", "inspect.html");
  await page("inspect", "hostile.wasm", "hostile.html");
  await page("diff", "ns1.elf", `${at("ns1/small.appl")}@kvm`, "--bytes", "smaller.html");
  await page("diff", `${at("ns1/ns1.appl")}@host`, "hostile.wasm", "differs.html");
  browser = await startBrowser();
}, 300_000);
afterAll(async () => browser?.close());

/** Runs the command with `--html` for the last of `words`. */
async function page(command: string, ...words: readonly string[]): Promise<void> {
  const names = words.map((word) => (/^[a-z0-9]+\.[a-z]+$/.test(word) ? at(word) : word));
  const { code, stderr } = await appl(command, ...names.slice(0, -1), "--html", names.at(-1)!);
  expect({ code: code === 1 && command === "diff" ? 0 : code, stderr }).toEqual({ code: 0, stderr: "" });
}

interface Opened {
  readonly page: Page;
  /** What went wrong, and what was asked for beside the page. */
  readonly troubles: readonly string[];
}

async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  const opened = await context.newPage();
  const troubles: string[] = [];
  const url = pathToFileURL(at(name)).href;
  opened.on("console", (message) => troubles.push(message.text()));
  opened.on("pageerror", ({ message }) => troubles.push(message));
  opened.on("request", (request) => {
    if (request.url() !== url) troubles.push(`asks for ${request.url()}`);
  });
  await opened.goto(url);
  return { page: opened, troubles };
}

const names = ["inspect.html", "hostile.html", "smaller.html", "differs.html"] as const;
const looks = names.flatMap((name) =>
  (["light", "dark"] as const).flatMap((scheme) =>
    [390, 1280].map((width) => [name, scheme, width] as const),
  ),
);

describe("in a browser", () => {
  test.each(looks)("%s, %s, %d pixels wide", async (name, colorScheme, width) => {
    const { page: shown, troubles } = await open(name, { colorScheme, viewport: { width, height: 900 } });
    await shown.evaluate(() => {
      for (const each of document.querySelectorAll("details")) each.open = true;
    });
    expect(await overflowing(shown)).toEqual([]);
    expect(await faint(shown)).toEqual([]);
    for (const { share, outside } of await coverage(shown)) {
      expect(share).toBeGreaterThan(0.96);
      expect(outside).toBe(0);
    }
    expect((await coverage(shown)).length).toBe(1);
    await shown.reload();
    await shown.screenshot({ path: join(pictures, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    expect(troubles).toEqual([]);
    await shown.context().close();
  });

  test("a tap on a module shows its functions, without a script too", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page: shown } = await open("inspect.html", { javaScriptEnabled });
      await shown.click("a.tile:has-text('std/dns')", { position: { x: 30, y: 10 } });
      await shown.waitForSelector(".zoom:target .tile:has-text('answerFrom')");
      expect(await shown.isVisible(".whole")).toBe(false);
      await shown.click(".zoom:target >> text=Back to the whole file");
      expect(await shown.isVisible(".whole")).toBe(true);
      await shown.context().close();
    }
  });

  test("what is pointed at is said below the map", async () => {
    const { page: shown } = await open("inspect.html");
    await shown.hover(".tile:has-text('boot code')");
    expect(await shown.textContent("#map figcaption")).toMatch(
      /^boot code: [\d,]+ bytes, [\d.]+ % of the file$/,
    );
    await shown.context().close();
  });

  test("a tap on a module of the graph shows the ways that `appl why` prints", async () => {
    const { stdout } = await appl("why", `${at("ns1/ns1.appl")}@kvm`, "std/net/arp");
    const [, ...ways] = stdout
      .replaceAll(`${at("ns1")}/`, "")
      .trimEnd()
      .split("\n\n")
      .filter((way) => !way.includes("and longer ways"));
    const { page: shown, troubles } = await open("inspect.html");
    await shown.click(".graph a:has-text('std/net/arp')");
    expect(await shown.locator("#ways pre").allTextContents()).toEqual(ways);
    expect(await shown.isVisible("#ways")).toBe(true);
    expect(await shown.locator(".graph a.self").textContent()).toContain("std/net/arp");
    const on = await shown.locator(".graph a.on").allTextContents();
    expect(on.some((name) => name.startsWith("std/dns"))).toBe(true);
    expect(on.some((name) => name.startsWith("backend/kvm/virtio"))).toBe(false);
    expect(troubles).toEqual([]);
    await shown.context().close();
  });

  test("without a script, the graph leads to the same below it", async () => {
    const { page: shown } = await open("inspect.html", { javaScriptEnabled: false });
    const href = await shown.locator(".graph a:has-text('std/net/arp')").getAttribute("href");
    expect(await shown.locator(`details${href} > summary`).textContent()).toContain("std/net/arp");
    await shown.context().close();
  });

  test.each(["hostile.html", "differs.html"])("names stay text: %s", async (name) => {
    const { page: shown, troubles } = await open(name);
    expect(await shown.title()).toMatch(/^ns1@host/);
    expect(await shown.locator("script").count()).toBe(1);
    expect(await shown.locator("img").count()).toBe(0);
    const text = await shown.textContent("main");
    expect(text).toContain(hostileFile);
    expect(text).toContain("document.title=");
    expect(troubles).toEqual([]);
    await shown.context().close();
  });

  test("its policy lets nothing else run or load, even if it were in the page", async () => {
    const { page: shown, troubles } = await open("inspect.html");
    await shown.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      const image = document.createElement("img");
      image.src = "http://127.0.0.1:9/x.png";
      document.body.append(script, image);
    });
    expect(await shown.title()).toBe("ns1@kvm");
    expect(troubles.filter((trouble) => trouble.includes("violates")).length).toBe(2);
    await shown.context().close();
  });

  test("printed, it fits the paper and has no scroll bars or menus", async () => {
    const { page: shown } = await open("inspect.html", { viewport: { width: 760, height: 1000 } });
    await shown.emulateMedia({ media: "print" });
    expect(await overflowing(shown)).toEqual([]);
    expect(await shown.isVisible("nav")).toBe(false);
    expect((await coverage(shown))[0]!.share).toBeGreaterThan(0.96);
    await shown.context().close();
  });
});

describe("the file", () => {
  test("the same build gives the same bytes, also after a build elsewhere", async () => {
    const first = readFileSync(at("inspect.html"), "utf8");
    await page("inspect", "ns1.elf", "again.html");
    expect(readFileSync(at("again.html"), "utf8")).toBe(first);
    cpSync(at("ns1"), at("elsewhere"), { recursive: true });
    await applJson("build", `${at("elsewhere/ns1.appl")}@kvm`, "-o", at("elsewhere.elf"));
    await page("inspect", "elsewhere.elf", "again.html");
    expect(readFileSync(at("again.html"), "utf8")).toBe(first);
  });

  test("every byte of an image is in its map", () => {
    const text = readFileSync(at("inspect.html"), "utf8");
    const list = /<h3>The same as a list<\/h3>([\s\S]*?)<section/.exec(text)![1]!;
    const bytes = [
      ...list.matchAll(/<summary><span class="line"><span>[^<]*<\/span><span class="n">([\d,]+) bytes/g),
    ];
    const sum = bytes.reduce((total, [, each]) => total + Number(each!.replaceAll(",", "")), 0);
    expect(sum).toBe(readFileSync(at("ns1.elf")).length);
  });

  test("names nothing of the machine it was made on, and no address of the web", () => {
    const text = readFileSync(at("inspect.html"), "utf8");
    expect(text).not.toContain(folder);
    expect(text).not.toMatch(/https?:|\/\/[a-z]/);
  });

  test("--json prints what it prints without", async () => {
    const plain = await applJson("inspect", at("ns1.elf"));
    expect(await applJson("inspect", at("ns1.elf"), "--html", at("json.html"))).toEqual(plain);
  });

  test.each([
    [["inspect", "ns1.elf", "--html", "nowhere/x.html"], /there is no folder/],
    [["inspect", "ns1.elf", "--html", "."], /is a folder/],
    [["inspect", "ns1.elf", "--html", "ns1.elf"], /is `.*ns1\.elf` itself/],
  ])("a place that cannot be is said: %s", async ([command, image, option, file], says) => {
    const { code, stderr } = await appl(command!, at(image!), option!, at(file!));
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });

  test("of an image from elsewhere there is nothing to draw", async () => {
    const bytes = readFileSync(at("ns1.elf"));
    const contents = /contents {2}sha256:([0-9a-f]{64})/.exec(
      (await appl("inspect", at("ns1.elf"))).stdout,
    )![1]!;
    const place = bytes.indexOf(contents);
    bytes[place] = bytes[place] === 0x30 ? 0x31 : 0x30;
    writeFileSync(at("strange.elf"), bytes);
    const { code, stderr } = await appl("inspect", at("strange.elf"), "--html", at("strange.html"));
    expect(code).toBe(1);
    expect(stderr).toContain("nothing to draw");
  });
});
