/** The site of the examples on every target that has a network, asked by curl; and what an image of it takes. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boot, imageOf, MICROVM, onLinux, type Running, temporaryFolder } from "./appliance.ts";

const example = "examples/www/www.appl";
const file = (path: string): Buffer => readFileSync(join("examples/www/public", path));
const network = { address: "10.0.2.15", ports: [80], protocol: "tcp" } as const;
const networks = [network];
/** One after the other: those of RISC-V share most of their work. */
const images = (async () => {
  const made = new Map<string, Uint8Array>();
  for (const target of ["kvm", "linux", "riscv", "riscv32"]) made.set(target, await imageOf(example, target));
  return made;
})();

const targets: readonly (readonly [string, string, (image: Uint8Array) => Promise<Running>])[] = [
  ["kvm on microvm", "kvm", (image) => boot(image, { machine: MICROVM, networks })],
  ["kvm on q35", "kvm", (image) => boot(image, { machine: "q35", networks })],
  ["linux", "linux", (image) => onLinux(image, network)],
  ["riscv", "riscv", (image) => boot(image, { system: "riscv64", networks })],
  ["riscv32", "riscv32", (image) => boot(image, { system: "riscv32", bare: true, networks })],
];

function curl(...args: string[]): Promise<Buffer> {
  const child = spawn("curl", ["-sS", "-m", "60", "--noproxy", "*", ...args]);
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => errors.push(bytes));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(Buffer.concat(out)) : reject(new Error(Buffer.concat(errors).toString())),
    );
  });
}

describe.each(targets)("the site on %s", (_, target, start) => {
  let running: Running;
  let site: string;
  beforeAll(async () => {
    running = await start((await images).get(target)!);
    site = `http://127.0.0.1:${running.port}`;
  });
  afterAll(() => running?.stop());

  test("curl gets files as they are and in both smaller forms", async () => {
    expect(await curl(`${site}/`)).toEqual(file("index.html"));
    expect(await curl("--compressed", `${site}/assets/site.css`)).toEqual(file("assets/site.css"));
    expect(await curl("--compressed", "-H", "Accept-Encoding: gzip", `${site}/atom.xml`)).toEqual(
      file("atom.xml"),
    );
    expect(await curl("-r", "100-199", `${site}/assets/icon.svg`)).toEqual(
      file("assets/icon.svg").subarray(100, 200),
    );
  });

  test("its answers say what the description says, and what day it is", async () => {
    const head = (await curl("-I", `${site}/assets/site.css`)).toString();
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r$/m);
    expect(head).toMatch(/^Cache-Control: public, max-age=31536000, immutable\r$/m);
    expect(head).toMatch(/^X-Content-Type-Options: nosniff\r$/m);
    const date = /^Date: (.*)\r$/m.exec(head)?.[1] ?? "";
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
    const tag = /^ETag: (.*)\r$/m.exec(head)![1]!;
    const again = await curl("-i", "-H", `If-None-Match: ${tag}`, `${site}/assets/site.css`);
    expect(again.toString()).toMatch(/^HTTP\/1\.1 304 Not Modified\r\n[\s\S]*\r\n\r\n$/);
  });

  test("redirects lead where they should, and what is not there is said to be", async () => {
    const to = (path: string, ...more: string[]) =>
      curl("-o", "/dev/null", "-w", "%{http_code} %header{location}", ...more, `${site}${path}`);
    expect(String(await to("/2026/11/hello/"))).toBe("301 /posts/hello/");
    expect(String(await to("/posts/hello"))).toBe("301 /posts/hello/");
    expect(String(await to("/x?y=1", "-H", "Host: example.com"))).toBe("308 http://www.example.com/x");
    expect(String(await to("/nothing"))).toBe("404 ");
    expect(await curl(`${site}/nothing`)).toEqual(file("404.html"));
  });

  test("thirty connections at once", async () => {
    const all = Array.from({ length: 30 }, () => curl(`${site}/posts/numbers/`));
    for (const got of await Promise.all(all)) expect(got).toEqual(file("posts/numbers/index.html"));
  });
});

test("what serves the site, without the site, takes less than 120 KiB on kvm", async () => {
  const folder = temporaryFolder();
  cpSync("examples/www", folder, { recursive: true });
  rmSync(join(folder, "public"), { recursive: true });
  mkdirSync(join(folder, "public"));
  for (const name of ["index.html", "404.html"]) writeFileSync(join(folder, "public", name), "");
  const image = await imageOf(join(folder, "www.appl"), "kvm");
  expect(image.length).toBeLessThan(120 * 1024);
  // Four thousand places for connections, and what they hold, are made when it starts.
  const places = readFileSync(join(folder, "www.appl"), "utf8").replace(
    "idle = 30s;",
    "$& connections = 512;",
  );
  writeFileSync(join(folder, "www.appl"), places);
  const small = await imageOf(join(folder, "www.appl"), "kvm");
  expect(Math.abs(image.length - small.length)).toBeLessThan(4096);
});
