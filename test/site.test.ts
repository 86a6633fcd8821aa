/** A site as an image, asked by clients that we did not write. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
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
