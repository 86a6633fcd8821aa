/**
 * Classic attacks and errors, one row each: what is sent to an appliance that serves a site and a zone, and all that it says to that. After each a good client is
 * served as before, and at the end of all everything is back in its pool. What needs many connections or a long time is in `stdlib/net/tcp/flood.test.ts`,
 * `stdlib/net/tcp/attacks.test.ts` and `site-overload.test.ts`; `docs/network.md` has the list.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  Cable,
  ethernet,
  etherType,
  Host,
  ipv4,
  ipv6,
  Machine,
  MILLISECOND,
  MINUTE,
  parseEthernet,
  parseIpv4,
  parseIpv6,
  parseTcp,
  protocol,
  SECOND,
  Simulation,
  Switch,
  tcp,
  tcpFlag,
} from "#simulate";
import { HttpClient } from "#tools/http-peers";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";
import { rows } from "./attack-rows.ts";
import { attackFrom, BAD, MAC, V4, V6 } from "./attacker.ts";

let simulation: Simulation;
let machine: Machine;
let attacker: Host;
let good: HttpClient;
let heard: Uint8Array[] = [];
let memory = 0;

beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public/index.html"), "page");
  const path = join(folder, "it.appl");
  writeFileSync(
    path,
    `appl 1
use std/net
use std/dns
use std/http
use std/board/linux
appliance it {
  net eth0 { address = [${V4}/16, ${V6}/64]; gateway = 10.0.0.2; autoconf = true }
  dns { zone "example.com" { primary {
    ttl = 1h
    soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(1) }
    ns  = ["ns1"]
    host "ns1" { address = [${V4}] }
  } } }
  http { listen { plain = *:80 }; server main { files "/" { root = dir "./public" } } }
}
target linux { board = linux.x86_64 }
`,
  );
  const program = await simulatedAppliance(`${path}@linux`);
  simulation = new Simulation({ seed: 1 });
  machine = new Machine(simulation, { name: "it", program, nics: [{ mac: MAC }] });
  const lan = new Switch(simulation, "lan");
  attacker = new Host(simulation, { name: "attacker", address: `${BAD}/16`, answersPings: false });
  good = new HttpClient(simulation, { name: "good", address: "10.0.9.9", server: V4 });
  for (const port of [machine.port, attacker.port, good.host.port])
    new Cable(simulation, port, lan.port(), { delay: MILLISECOND });
  attacker.onFrame((frame) => {
    if (parseEthernet(frame)?.from === MAC) heard.push(frame);
    return true;
  });
  attackFrom(attacker);
  machine.switchOn();
  simulation.run(10 * SECOND);
  memory = machine.memory.buffer.byteLength;
}, 180_000);

/** What a frame is: `icmp 3.1`, `tcp RA`. */
function kindOf(frame: Uint8Array): string {
  const { type, payload } = parseEthernet(frame)!;
  if (type === etherType.arp) return "arp";
  const four = type === etherType.ipv4 ? parseIpv4(payload) : undefined;
  const six = type === etherType.ipv6 ? parseIpv6(payload) : undefined;
  const number = four?.protocol ?? six?.next;
  const body = (four ?? six)!.payload;
  if (number === protocol.icmp || number === protocol.icmpv6)
    return `${number === protocol.icmp ? "icmp" : "icmp6"} ${body[0]}.${body[1]}`;
  if (number === protocol.udp) return "udp";
  if (number !== protocol.tcp) return `protocol ${number}`;
  return `tcp ${[..."FSRPA"].filter((_, bit) => body[13]! & (1 << bit)).join("")}`;
}

/** What was begun is taken back, so that nobody asks after it in the next row. */
function takeBack(frame: Uint8Array): void {
  const { type, payload } = parseEthernet(frame)!;
  const packet = type === etherType.ipv4 ? parseIpv4(payload) : parseIpv6(payload);
  const segment = packet === undefined ? undefined : parseTcp(packet);
  if (packet === undefined || segment?.flags !== (tcpFlag.syn | tcpFlag.ack)) return;
  const addresses = [packet.to, packet.from] as const;
  const ends = { from: segment.to, to: segment.from, addresses };
  const reset = tcp({ ...ends, sequence: segment.acknowledgement, flags: tcpFlag.rst }, new Uint8Array());
  const fields = { from: packet.to, to: packet.from };
  const sent =
    type === etherType.ipv4
      ? ipv4({ ...fields, protocol: protocol.tcp }, reset)
      : ipv6({ ...fields, next: protocol.tcp }, reset);
  attacker.sendFrame(ethernet(attacker.mac, MAC, type, sent));
}

test.each(rows)("%s", (_, act, expected) => {
  heard = [];
  act();
  simulation.run(SECOND);
  const kinds: Record<string, number> = {};
  // Whether there are routers it asks by itself.
  for (const kind of heard.map(kindOf).filter((each) => each !== "icmp6 133.0"))
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  const tooMany = Object.entries(kinds).filter(([kind, count]) => count > (expected[kind] ?? 0));
  expect(tooMany).toEqual([]);
  for (const [kind, most] of Object.entries(expected)) if (most === 1) expect(kinds[kind], kind).toBe(1);
  heard.splice(0).forEach(takeBack);
  const connection = good.connect();
  connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  simulation.run(2 * SECOND);
  expect(connection.received.slice(0, 15)).toBe("HTTP/1.1 200 OK");
  expect(machine.memory.buffer.byteLength).toBe(memory);
});

test("in the end nothing is kept", () => {
  simulation.run(20 * MINUTE);
  expect(machine.devices[0]!.held).toEqual({ received: 0, sending: 0 });
});
