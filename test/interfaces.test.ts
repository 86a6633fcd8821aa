/** Interfaces of all kinds in one appliance: several addresses, virtual networks, named devices; a switch that is not ours takes the networks apart. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

const image = join(temporaryFolder(), "three.linux");
beforeAll(() => applJson("build", "test/interfaces.appl@linux", "-o", image));

// A packet socket is told of tags beside its frames; a tap has them in the frames.
describe.each(["--tap", "--interface"])("on devices given by %s", (kind) => {
  let said: string[] = [];
  beforeAll(() => {
    const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/interfaces.sh", image, kind], {
      encoding: "utf8",
      timeout: 60_000,
    });
    said = `${stdout}${stderr}`.trimEnd().split("\n");
  }, 70_000);

  test("each address of each network answers ping, dig and curl, and large transfers arrive", () => {
    const answers = Array.from({ length: 6 }, () => ["2 received", "10.77.0.2", "three"]).flat();
    expect(said.slice(0, 18)).toEqual(answers);
    if (kind === "--interface")
      expect(said.slice(18, 21)).toEqual(["echo: good", "nobody: ECONNREFUSED", "large echo: good"]);
  });

  test("no network sees another one's addresses", () => {
    const text = said.join("\n");
    expect(text.match(/^0 received$/gm), text).toHaveLength(2);
    expect(said).toContain("7\t3");
    expect(text).toMatch(/^lan: 10\.77\.0\.2, 10\.77\.0\.3, 10\.78\.0\.2 /m);
    expect(text).not.toContain("restart");
  });
});
