/** IPv6 from a router: radvd's word taken by an image, and tshark's word on what an appliance says of it all. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  Cable,
  Capture,
  dnsQuestion,
  Host,
  Host6,
  Machine,
  MILLISECOND,
  SECOND,
  Simulation,
  Switch,
} from "#simulate";
import { HttpClient } from "#tools/http-peers";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";
import { applJson } from "./command.ts";

test("radvd gives a prefix, and the address that is made of it answers ping, dig and curl", async () => {
  const image = join(temporaryFolder(), "one.linux");
  const built = await applJson("build", "test/slaac.appl@linux", "-o", image);
  expect(JSON.stringify(built), "nobody asks DHCPv6 servers here").not.toContain("dhcp6client");
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/radvd.sh", image], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(stdout.split("\n").slice(0, 3), stderr).toEqual(["3 received", "2001:db8:77::2", "one"]);
  expect(stdout).toMatch(/^eth0: 2001:db8:77:0:[0-9a-f:]+ /m);
  expect(stdout).not.toContain("restart");
});

test("tshark finds nothing wrong with what goes over IPv6", async () => {
  const program = await simulatedAppliance("test/ipv6.appl@linux");
  const simulation = new Simulation({ seed: 1 });
  const capture = new Capture(simulation);
  const machine = new Machine(simulation, { name: "six", program });
  const lan = new Switch(simulation, "lan");
  const client = new HttpClient(simulation, {
    name: "client",
    address: "10.0.0.2",
    server: "2001:db8:77::2",
    addresses6: ["fe80::9", "2001:db8:77::9"],
  });
  const router = new Host6(new Host(simulation, { name: "router", address: "10.0.0.1/16" }), {
    addresses: ["fe80::1", "2001:db8:77::1"],
  });
  for (const port of [machine.port, client.host.port, router.host.port])
    new Cable(simulation, port, lan.port(), { delay: MILLISECOND });
  machine.switchOn();
  simulation.run(2 * SECOND);
  router.advertise({ mtu: 1400, prefixes: [{ prefix: "2001:db8:77::" }], nameServers: ["2001:db8:77::53"] });
  simulation.run(3 * SECOND);
  const peer = client.host6!;
  peer.ping("2001:db8:77::2", new Uint8Array(1000));
  peer.sendUdp("2001:db8:77::2", 53, 50_000, dnsQuestion("ns1.example.com", "AAAA", 7)!);
  peer.sendUdp("2001:db8:77::2", 40_123, 50_001, new Uint8Array(4));
  const page = client.connect();
  page.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  simulation.run(5 * SECOND);
  expect(page.received).toContain("six");
  const path = join(temporaryFolder(), "six.pcapng");
  writeFileSync(path, capture.bytes());
  const sums = ["tcp", "udp"].flatMap((each) => ["-o", `${each}.check_checksum:TRUE`]);
  const lines = (filter: string, ...more: readonly string[]) =>
    execFileSync("tshark", ["-r", path, ...sums, "-Y", filter, ...more], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .split("\n")
      .filter((line) => line !== "");
  const checksums = ["tcp", "udp", "icmpv6"].map((each) => `${each}.checksum.status == 0`);
  expect(lines(["_ws.malformed", "_ws.expert.severity >= 0x600000", ...checksums].join(" || "))).toEqual([]);
  const mac = machine.devices[0]!.mac.toString(16)
    .padStart(12, "0")
    .replace(/..(?=.)/g, "$&:");
  const kinds = lines(`eth.src == ${mac}`, "-T", "fields", "-e", "_ws.col.Protocol", "-e", "icmpv6.type");
  // Solicitation, advertisement, report of groups, echo, unreachable port.
  expect(kinds).toEqual(
    expect.arrayContaining([
      ...["135", "136", "143", "129", "1"].map((type) => `ICMPv6\t${type}`),
      "DNS\t",
      "HTTP\t",
    ]),
  );
});
