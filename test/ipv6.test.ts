/** IPv6 of whole appliances, asked by the kernel, ping, dig and curl; and told its address by QEMU's router. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startQemu } from "../tools/qemu.ts";
import { temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

test("the kernel's programs get everything over IPv6", async () => {
  const image = join(temporaryFolder(), "six.linux");
  await applJson("build", "test/ipv6.appl@linux", "-o", image);
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/ipv6.sh", image], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const said = stdout.trimEnd().split("\n");
  expect(
    said.slice(0, 8).map((line) => line.replace(/, time.*/, "")),
    stderr,
  ).toEqual([
    "3 packets transmitted, 3 received, 0% packet loss",
    "1 packets transmitted, 1 received, 0% packet loss",
    "1 packets transmitted, 1 received, 0% packet loss",
    "2001:db8:77::2",
    "2001:db8:77::2",
    "connection refused",
    "six",
    "echo: good",
  ]);
  expect(stdout).toContain("\nlladdr\n");
  expect(stdout).toContain("large echo: good");
  expect(said.at(-1)).toMatch(/^eth0: fe80::/);
  expect(stdout).not.toMatch(/restart|10\.77/);
});

test.each([
  ["vm", "x86_64", ["-netdev", "user,id=n,ipv6=on", "-device", "virtio-net-device,netdev=n"]],
  ["esp32", "xtensa", ["-nic", "user,model=open_eth,ipv6=on"]],
] as const)("QEMU's router gives an address to %s", async (target, system, args) => {
  const image = join(temporaryFolder(), "six.vm");
  await applJson("build", `test/ipv6.appl@${target}`, "-o", image);
  const machine = await startQemu({ image: readFileSync(image), system, args, limit: 60_000 });
  try {
    await machine.waitFor(/eth0: fec0::[0-9a-f:]+ /);
  } finally {
    await machine.kill();
  }
});
