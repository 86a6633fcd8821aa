/** An appliance's TCP and the kernel's: through a device of this machine, each kind of traffic with clients that we did not write. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

test("the kernel's clients get everything, small and large, one after another and at once", async () => {
  const image = join(temporaryFolder(), "tcp.linux");
  await applJson("build", "test/tcp.appl@linux", "-o", image);
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/tcp.sh", image], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const said = stdout.split("\n");
  expect(said.slice(0, 7), stderr).toEqual([
    "echo: good",
    "nobody: ECONNREFUSED",
    "large echo: good",
    "discard: good",
    "chargen: good",
    "parallel: 50",
    "one after another: 2000",
  ]);
  expect(stdout).not.toContain("restart");
});
