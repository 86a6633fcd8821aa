/** An image that has its address of IPv6 from a DHCPv6 server that we did not write: dnsmasq, which is the router, too. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MICROVM, temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

const qemu = (image: string) => [
  ...["qemu-system-x86_64", "-M", MICROVM, "-cpu", "max", "-m", "64", "-nodefaults", "-no-user-config"],
  ...["-display", "none", "-no-reboot", "-serial", "stdio", "-kernel", image],
  ...["-global", "virtio-mmio.force-legacy=false", "-device", "virtio-net-device,netdev=n"],
  ...["-netdev", "tap,id=n,ifname=here,script=no,downscript=no"],
];

test("dnsmasq gives an address, ping and curl find it there, and tshark has nothing to say against what is said", async () => {
  const image = join(temporaryFolder(), "asking");
  const built = await applJson("build", "test/dhcp6.appl@kvm", "-o", image);
  expect(JSON.stringify(built)).toContain("std/net/dhcp6client");
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/dhcp6.sh", ...qemu(image)], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const [received, page, lease, given, warnings, messages, ...said] = stdout.trimEnd().split("\n");
  const address = given?.replace("given: ", "");
  expect([received, page, warnings], stdout + stderr).toEqual(["3 received", "asking", "warnings: 0"]);
  expect(address).toMatch(/^2001:db8:77::1[0-9a-f]{2}$/);
  // Number of the association, address, name.
  expect(lease).toBe(`0 ${address} asking`);
  // SOLICIT, and REPLY: dnsmasq answers at once who wants that.
  expect(messages).toBe("messages: 1 7 ");
  expect(said.at(-1)).toMatch(new RegExp(`^eth0: ${address} by DHCPv6 from fe80::[0-9a-f:]+, for 3600 s$`));
});
