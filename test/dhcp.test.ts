/** Images that have their addresses from DHCP servers that we did not write: QEMU's own, and dnsmasq. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { System } from "../tools/qemu.ts";
import { boot, imageOf, MICROVM, temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";
import { digShort } from "./dig.ts";

const HELD = "eth0: 10.0.2.15/24 by DHCP from 10.0.2.2, router 10.0.2.2, for 86400 s";
const network = { address: "10.0.2.15", ports: [53], said: HELD };

describe.each<[string, string, { system: System; machine: string }]>([
  ["kvm", "microvm", { system: "x86_64", machine: MICROVM }],
  ["riscv", "virt", { system: "riscv64", machine: "virt" }],
  ["esp32", "kc705-nommu", { system: "xtensa", machine: "kc705-nommu" }],
])("%s on %s", (target, _, options) => {
  test("has its address from QEMU's server, and answers there; the link goes and comes back", async () => {
    const image = await imageOf("test/dhcp.appl", target);
    const running = await boot(image, { ...options, networks: [network], args: ["-monitor", monitorAt()] });
    try {
      expect(await digShort(running.port, "www.example.com")).toBe("192.0.2.80");
      for (const [state, said] of [
        ["off", "eth0: the link is down"],
        ["on", "eth0: the link is up"],
      ] as const) {
        monitor(`set_link n0 ${state}`);
        await running.qemu.waitFor(said);
      }
      expect(await digShort(running.port, "www.example.com")).toBe("192.0.2.80");
      expect(running.console()).not.toContain("restart");
    } finally {
      await running.stop();
    }
  });
});

let socket = "";
/** Where the next machine's monitor is. */
function monitorAt(): string {
  socket = join(temporaryFolder(), "monitor");
  return `unix:${socket},server=on,wait=off`;
}

/** Says a command to the machine that was started last. */
function monitor(command: string): void {
  const script = join(temporaryFolder(), "say.mjs");
  writeFileSync(
    script,
    `import { connect } from "node:net";
const to = connect(${JSON.stringify(socket)}, () => to.write(${JSON.stringify(`${command}\n`)}));
let got = "";
to.on("data", (bytes) => { got += bytes; if (got.split("(qemu)").length > 2) to.end(); });
`,
  );
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", timeout: 10_000 });
  if (status !== 0) throw new Error(`the monitor does not answer: ${stderr}`);
}

test("linux: dnsmasq gives an address and renews it, and tshark has nothing to say against what is said", async () => {
  const image = join(temporaryFolder(), "dhcp.linux");
  await applJson("build", "test/dhcp.appl@linux", "-o", image);
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/dhcp.sh", image], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const [first, second, name, acknowledged, warnings, messages, start, held, ...more] = stdout.split("\n");
  expect([first, second, name, warnings], stderr).toEqual([
    "192.0.2.80",
    "192.0.2.80",
    "asking",
    "warnings: 0",
  ]);
  expect(Number(acknowledged?.split(" ")[1])).toBeGreaterThan(1);
  expect(messages).toMatch(/^messages: 1 2 3 5 3 5/);
  expect(start).toMatch(/^eth0: asks for an address, [0-9a-f:]{17}$/);
  expect(held).toMatch(
    /^eth0: 10\.77\.0\.\d+\/24 by DHCP from 10\.77\.0\.1, router 10\.77\.0\.1, MTU 1400, for 120 s$/,
  );
  expect(more).toEqual([""]);
});

test("what has its addresses written down has no client of DHCP in it", async () => {
  const parts = async (description: string): Promise<string> => {
    const path = join(temporaryFolder(), "image");
    return JSON.stringify(await applJson("build", description, "-o", path));
  };
  expect(await parts("test/tap.appl@kvm")).not.toContain("dhcp");
  expect(await parts("test/dhcp.appl@kvm")).toContain("std/net/dhcpclient");
});
