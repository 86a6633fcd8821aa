/** A site as an image, asked by clients that we did not write. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { boot, imageOf, temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

test("curl and wget get a site with smaller forms, parts, conditions and redirects", async () => {
  const image = join(temporaryFolder(), "site.linux");
  await applJson("build", "test/site.appl@linux", "-o", image);
  const { stdout, stderr } = spawnSync(
    "unshare",
    ["-Urn", "sh", "test/site.sh", image, "test/site/assets/site.css"],
    { encoding: "utf8", timeout: 60_000 },
  );
  const all = stdout.trimEnd().split("\n");
  const date = all.find((line) => line.startsWith("Date: "));
  expect(Math.abs(Date.parse(date?.slice(6) ?? "") - Date.now())).toBeLessThan(60_000);
  const said = all.filter((line) => line !== date);
  expect(said.slice(0, -1), stderr).toEqual([
    "plain: same",
    "compressed: same",
    "gzip: same",
    "in two parts: same",
    "not modified: 304 0",
    "since: 304 0",
    "nothing: 404 61",
    "post: 405 23",
    "redirect: 200 http://10.77.0.2/about",
    "expression: 308 http://10.77.0.2/about?year=2024",
    "HTTP/1.1 200 OK",
    "X-Content-Type-Options: nosniff",
    "Content-Type: text/plain",
    "Content-Length: 2",
    "1 0 0 ",
    "./assets/site.css",
    "./index.html",
  ]);
  expect(said.at(-1)).toMatch(/^eth0/);
});

/** Longer than what is handed to a device at once, and no two lines alike. */
const text = Array.from({ length: 20_000 }, (_, n) => `line ${n} of a file\n`).join("");

describe("a file of 400 KB", () => {
  const folder = temporaryFolder();
  const description = join(folder, "large.appl");
  const get = async (url: string, ...more: readonly string[]) => {
    const args = ["-sS", "-m", "20", "--noproxy", "*", url, ...more];
    return (await promisify(execFile)("curl", args, { maxBuffer: 1 << 24 })).stdout;
  };
  beforeAll(() => {
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site/large.txt"), text);
    writeFileSync(
      description,
      `appl 1
use std/net
use std/http
use std/board/qemu
use std/board/riscv

appliance large {
  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  http {
    listen { plain = *:80 }
    limits { per_client = none }
    server main { files "/" { root = dir "./site" } }
  }
}

target kvm { board = qemu.x86_64 }
target riscv { board = riscv.virt }
`,
    );
  });

  // QEMU's own network leaves checksums to its guests: these are made of sums that are in the image.
  test.each(["kvm", "riscv"])("comes whole and in parts over QEMU's own network, from %s", async (target) => {
    const networks = [{ address: "10.0.2.15", ports: [80] }];
    const system = target === "kvm" ? "x86_64" : "riscv64";
    const { port, stop } = await boot(await imageOf(description, target), { system, networks });
    try {
      const url = `http://127.0.0.1:${port}/large.txt`;
      expect(await get(url)).toBe(text);
      expect(await get(url, "-r", "12345-234567")).toBe(text.slice(12345, 234_568));
      expect(await get(url, "--compressed")).toBe(text);
    } finally {
      await stop();
    }
  });

  // A tap device takes segments of 64 KiB from the guest, which the host's TCP gets as they are.
  test("comes over a tap device, which cuts segments", async () => {
    const image = join(folder, "large.kvm");
    await applJson("build", `${description}@kvm`, "-o", image);
    const asked = [image, "http://10.0.2.15/large.txt", join(folder, "site/large.txt")];
    const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/large.sh", ...asked], {
      encoding: "utf8",
      timeout: 60_000,
    });
    const [compared, ...link] = stdout.split("\n");
    expect(compared, stderr).toBe("same");
    const { bytes, packets } = JSON.parse(link.join(""))[0].stats64.rx;
    expect(bytes / packets).toBeGreaterThan(3000);
  });
});
