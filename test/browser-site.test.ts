/** Sites in a browser that we did not write: many small files, what it keeps and what it asks for again, parts of a sound; and the site of the tutorial. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "#tools/browser";
import { imageOf, onLinux, type Running, temporaryFolder } from "./appliance.ts";
import { appl } from "./command.ts";

const EACH = 40;
const network = { address: "10.0.2.15", ports: [80], protocol: "tcp" } as const;
const numbers = Array.from({ length: EACH }, (_, n) => n);

const description = `appl 1
use std/net
use std/http
appliance many {
  net eth0 { address = 10.0.2.15/24 }
  http {
    listen { plain = *:80 }
    limits { per_client = none }
    server main {
      files "/" { root = dir "./public" }
      cache "/kept/**"  { max_age = 365d; immutable = true }
      cache "/asked/**" { max_age = 0s }
    }
  }
}
`;

/** A second of silence, 8000 bytes: RIFF and WAVE, 8 bits, one channel. */
function sound(): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF\0\0\0\0WAVEfmt ", 0, "latin1");
  head.writeUInt32LE(36 + 8000, 4);
  for (const [at, value] of [
    [16, 16],
    [24, 8000],
    [28, 8000],
    [40, 8000],
  ] as const)
    head.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    head.writeUInt16LE(value, at);
  head.write("data", 36, "latin1");
  return Buffer.concat([head, Buffer.alloc(8000, 128)]);
}

function writeSite(folder: string): string {
  const write = (path: string, text: string | Buffer): void =>
    writeFileSync(join(folder, "public", path), text);
  for (const path of ["public", "public/kept", "public/asked"]) mkdirSync(join(folder, path));
  for (const n of numbers) {
    write(`kept/${n}.css`, `.c${n} { color: rgb(${n}, 0, 0); }\n${"/* filling */\n".repeat(30)}`);
    write(`asked/${n}.js`, `window.ran = (window.ran ?? 0) + 1;\n${"// filling\n".repeat(30)}`);
    write(`asked/${n}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" width="${n + 1}" height="1"></svg>`);
  }
  write("sound.wav", sound());
  const heads = numbers.map(
    (n) => `<link rel="stylesheet" href="/kept/${n}.css"><script src="/asked/${n}.js"></script>`,
  );
  const images = numbers.map((n) => `<img src="/asked/${n}.svg"><i class="c${n}">x</i>`);
  write(
    "index.html",
    `<!doctype html><link rel="icon" href="data:,">${heads.join("\n")}<body>${images.join("\n")}<audio src="/sound.wav" preload="auto"></audio>`,
  );
  writeFileSync(join(folder, "many.appl"), description);
  return join(folder, "many.appl");
}

describe("Chromium", () => {
  let browser: Browser;
  let running: Running;
  beforeAll(async () => {
    running = await onLinux(await imageOf(writeSite(temporaryFolder()), "linux"), network);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
  });

  test("loads a page of a hundred and twenty files, and asks again only for what may have changed", async () => {
    const page = await browser.newPage();
    const answers: Response[] = [];
    page.on("response", (answer) => answers.push(answer));
    const problems: string[] = [];
    page.on("pageerror", ({ message }) => problems.push(message));
    page.on("requestfailed", (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
    const site = `http://127.0.0.1:${running.port}/`;
    const shown = async () => {
      await page.waitForLoadState("load");
      return page.evaluate(() => ({
        ran: (globalThis as unknown as { ran: number }).ran,
        widths: [...document.images].map(({ naturalWidth }) => naturalWidth),
        colours: [...document.querySelectorAll("i")].map((each) => getComputedStyle(each).color),
      }));
    };
    const whole = {
      ran: EACH,
      widths: numbers.map((n) => n + 1),
      colours: numbers.map((n) => `rgb(${n}, 0, 0)`),
    };
    await page.goto(site);
    expect(await shown()).toEqual(whole);
    const first = answers.splice(0).filter((answer) => !answer.url().endsWith(".wav"));
    expect(new Set(first.map((answer) => answer.status()))).toEqual(new Set([200]));
    expect(first.length).toBe(3 * EACH + 1);
    const css = first.find((answer) => answer.url().endsWith("/kept/0.css"))!;
    expect(await css.headerValue("content-encoding")).toMatch(/^(br|gzip)$/);

    await page.goto(site);
    expect(await shown()).toEqual(whole);
    const second = answers.splice(0);
    const asked = second.filter((answer) => answer.url().includes("/asked/"));
    expect(asked.length).toBe(2 * EACH);
    expect(new Set(asked.map((answer) => answer.status()))).toEqual(new Set([304]));
    for (const answer of second.filter((each) => each.url().includes("/kept/")))
      expect((await answer.request().sizes()).responseBodySize).toBeLessThanOrEqual(0);
    expect(problems.filter((problem) => !problem.includes(".wav"))).toEqual([]);
  });

  test("plays a sound from the middle, of which it asks for parts", async () => {
    const page = await browser.newPage();
    const statuses: number[] = [];
    page.on("response", (answer) => {
      if (answer.url().endsWith(".wav")) statuses.push(answer.status());
    });
    await page.goto(`http://127.0.0.1:${running.port}/`);
    const time = await page.evaluate(async () => {
      const audio = document.querySelector("audio")!;
      if (audio.readyState < 1)
        await new Promise((ready) => audio.addEventListener("loadedmetadata", ready, { once: true }));
      audio.currentTime = 0.5;
      await new Promise((ready) => audio.addEventListener("seeked", ready, { once: true }));
      return [audio.duration, audio.currentTime];
    });
    expect(time).toEqual([1, 0.5]);
    expect(statuses[0]).toBe(206);
  });
});

test("the tutorial's site is what its commands make and curl gets", async () => {
  const text = readFileSync("docs/tutorial-site.md", "utf8");
  const block = (name: string): string =>
    new RegExp(`^\`\`\`${name}\n([\\s\\S]*?)^\`\`\``, "m").exec(text)![1]!;
  const folder = temporaryFolder();
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public/index.html"), block("html index.html"));
  const path = join(folder, "shop.appl");
  writeFileSync(path, block("appl"));
  expect(await appl("check", path)).toMatchObject({ code: 0, stderr: "" });
  const running = await onLinux(await imageOf(path, "linux"), network);
  try {
    const curl = (...more: string[]): string => {
      const site = `http://127.0.0.1:${running.port}/`;
      const { stdout, stderr } = spawnSync("curl", ["-sSi", "-m", "30", "--noproxy", "*", ...more, site], {
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      return stdout;
    };
    const answer = curl();
    expect(answer).toContain(block("html index.html"));
    expect(answer).toMatch(/^Date: /m);
    const tag = /^ETag: (.*)\r$/m.exec(answer)![1]!;
    expect(curl("-H", `If-None-Match: ${tag}`)).toMatch(/^HTTP\/1\.1 304 /);
  } finally {
    await running.stop();
  }
});
