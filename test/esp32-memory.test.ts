/** What examples leave free of an ESP32's memory, and a site that is larger than its RAM has room for: in flash memory, and served whole. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot, type Network, temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";
import { curl } from "./curl.ts";

const KIB = 1024;
/** RAM for data, from 0x3FFA_E000 to 0x4000_0000: ESP32 Technical Reference Manual, "Embedded memory". */
const RAM = 328 * KIB;

interface Inspected {
  readonly map: readonly {
    readonly name: string;
    readonly access: string;
    readonly address: number;
    readonly size: number;
  }[];
}

/** Bytes that never repeat, so that no coding makes less of them. */
const noise = (bytes: number): Buffer =>
  Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 32) }, (_, n) => createHash("sha256").update(String(n)).digest()),
  ).subarray(0, bytes);

const boards = `
target poe { board = esp32.olimex_poe }
target wt32 { board = esp32.wt32_eth01 }
target tight { board = esp32.kc705; memory = 520KiB }
`;

/** The description with our targets, beside the files that it reads. */
function described(text: string, folder = temporaryFolder()): string {
  const path = join(folder, "appliance.appl");
  writeFileSync(path, `${text.replace(/^use /m, "use std/board/esp32\nuse ")}${boards}`);
  return path;
}

async function built(path: string, target: string): Promise<{ file: string; map: Inspected["map"] }> {
  const file = join(temporaryFolder(), "image");
  await applJson("build", `${path}@${target}`, "-o", file);
  const { map } = await applJson<Inspected & Record<string, unknown>>("inspect", file);
  return { file, map };
}

/** What is written: stack, state and linear memory. */
const ramOf = (map: Inspected["map"]): number =>
  map.filter(({ access }) => access === "rw").reduce((sum, { size }) => sum + size, 0);

/** The site of the example, with 200 KiB more. */
function site(): string {
  const folder = temporaryFolder();
  cpSync("examples/www/public", join(folder, "public"), { recursive: true });
  mkdirSync(join(folder, "public/big"));
  writeFileSync(join(folder, "public/big/noise.bin"), noise(200 * KIB));
  return described(readFileSync("examples/www/www.appl", "utf8"), folder);
}

function dns(): string {
  const folder = temporaryFolder();
  cpSync("examples/ns1/example.org.zone", join(folder, "example.org.zone"));
  return described(readFileSync("examples/ns1/ns1.appl", "utf8"), folder);
}

test.each(["poe", "wt32"])("the DNS server with TCP leaves 120 KiB of RAM free on %s", async (target) => {
  const { map } = await built(dns(), target);
  expect(RAM - ramOf(map)).toBeGreaterThanOrEqual(120 * KIB);
});

test("a site of 200 KiB leaves 100 KiB of RAM free on a board that one can buy, and lies in flash memory", async () => {
  const { map } = await built(site(), "poe");
  expect(RAM - ramOf(map)).toBeGreaterThanOrEqual(100 * KIB);
  const files = map.find(({ name }) => name === "files")!;
  expect(files.size).toBeGreaterThan(200 * KIB);
  expect(files.access).toBe("r");
  expect(files.address).toBeGreaterThan(0x3f40_0000);
  expect(files.address + files.size).toBeLessThan(0x3f80_0000);
});

describe("in QEMU, with as much memory as the chip has", () => {
  const networks: readonly Network[] = [{ address: "10.0.2.15", ports: [80], protocol: "tcp" }];
  let running: Booted;
  let url: string;
  let used: number;
  beforeAll(async () => {
    const { file, map } = await built(site(), "tight");
    used = ramOf(map);
    running = await boot(readFileSync(file), { system: "xtensa", networks });
    url = `http://127.0.0.1:${running.port}`;
  });
  afterAll(() => running?.stop());

  test("what is written takes no more than there is on the chip", () => {
    expect(used).toBeLessThanOrEqual(RAM);
  });

  test("a file of 200 KiB arrives whole, by itself and to several at once", async () => {
    const wanted = createHash("sha256")
      .update(noise(200 * KIB))
      .digest("hex");
    const got = await Promise.all(Array.from({ length: 6 }, () => curl(`${url}/big/noise.bin`)));
    for (const bytes of got) expect(createHash("sha256").update(bytes).digest("hex")).toBe(wanted);
  });

  test("parts of it begin at any byte", async () => {
    const all = noise(200 * KIB);
    for (const [from, to] of [
      [0, 0],
      [1, 3],
      [1023, 5001],
      [99_999, 104_799],
      [204_795, 204_799],
    ] as const)
      expect(await curl("-r", `${from}-${to}`, `${url}/big/noise.bin`)).toEqual(all.subarray(from, to + 1));
    const several = await curl("-r", "5-1500,70001-70010", `${url}/big/noise.bin`);
    expect(several.includes(all.subarray(5, 1501))).toBe(true);
    expect(several.includes(all.subarray(70_001, 70_011))).toBe(true);
  });

  test("forms with a coding, heads and messages are what they are elsewhere", async () => {
    expect(await curl("--compressed", `${url}/assets/site.css`)).toEqual(
      readFileSync("examples/www/public/assets/site.css"),
    );
    const packed = await curl("-H", "Accept-Encoding: gzip", `${url}/posts/numbers/`);
    expect([...packed.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(await curl(`${url}/health`)).toEqual(Buffer.from("ok\n"));
    expect(await curl(`${url}/nothing`)).toEqual(readFileSync("examples/www/public/404.html"));
    const head = String(await curl("-I", `${url}/big/noise.bin`));
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(head).toMatch(/^Content-Length: 204800\r$/m);
    expect(running.console()).not.toContain("restart");
  });
});
