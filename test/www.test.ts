/** The site of the examples on every target that has a network, asked by curl; and what an image of it takes. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boot, imageOf, MICROVM, onLinux, type Running, temporaryFolder } from "./appliance.ts";
import { curl } from "./curl.ts";
import { requests } from "./www-requests.ts";

const example = "examples/www/www.appl";
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

describe.each(targets)("the site on %s", (_, target, start) => {
  let running: Running;
  let site: string;
  beforeAll(async () => {
    running = await start((await images).get(target)!);
    site = `http://127.0.0.1:${running.port}`;
  });
  afterAll(() => running?.stop());

  test.each(requests)("curl gets $what", async ({ words, check }) => {
    const folder = mkdtempSync(join(temporaryFolder(), "got-"));
    const said = await curl(...words.map((word) => word.replace("SITE", site).replace("FOLDER", folder)));
    const files = readdirSync(folder).toSorted();
    const answer = Buffer.concat([said, ...files.map((name) => readFileSync(join(folder, name)))]);
    check({ answer, time: Date.now() });
  });

  test("thirty connections at once", async () => {
    const page = readFileSync("examples/www/public/posts/numbers/index.html");
    const all = Array.from({ length: 30 }, () => curl(`${site}/posts/numbers/`));
    for (const got of await Promise.all(all)) expect(got).toEqual(page);
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
