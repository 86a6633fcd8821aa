/**
 * The whole stack under conversations that are wrong somewhere: ARP, ICMP, UDP, TCP, DNS, HTTP, neighbour discovery, router advertisements and DHCP of both
 * families, field by field, with checksums repaired (`tools/mutations.ts`). Nothing traps, what is sent is well-formed, a good client is served all the while,
 * and in the end everything is back in its pool. `FUZZ_RUNS` and `FUZZ_SECONDS` make it longer; `FUZZ_SEED` is the first seed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import {
  askUdp,
  Cable,
  concat,
  DhcpServer,
  dnsQuestion,
  ethernet,
  etherType,
  Host,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  Machine,
  MILLISECOND,
  MINUTE,
  Port,
  parseEthernet,
  parseIpv4,
  parseIpv6,
  ping,
  protocol,
  type Random,
  SECOND,
  Simulation,
  Switch,
} from "#simulate";
import { HttpClient } from "#tools/http-peers";
import { mutated, pick } from "#tools/mutations";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2);
const LENGTH = Number(process.env["FUZZ_SECONDS"] ?? 10);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const [V4, V6] = ["10.0.0.1", "2001:db8::1"];

const services = `
  dns {
    zone "example.com" {
      primary {
        ttl = 1h
        soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(1) }
        ns  = ["ns1"]
        host "ns1" { address = [10.0.0.1] }
      }
    }
  }
  http {
    listen { plain = *:80 }
    limits { connections = 64 }
    server main { files "/" { root = dir "./public" }; redirect "/old" { to = "/" } }
  }
  metrics {}
`;
const descriptions = {
  written: `net eth0 { address = [${V4}/16, ${V6}/64]; gateway = 10.0.0.2; autoconf = true }`,
  several: `net eth0 { address = [${V4}/16, 10.1.0.1/16, ${V6}/64]; gateway = [10.0.0.2, 10.0.0.3] }
  net inside { address = 10.7.0.1/24; port = eth0; vlan = 7 }`,
  asked: "net eth0 { address = dhcp }",
};
type Kind = keyof typeof descriptions;

const programs = new Map<Kind, WebAssembly.Module>();
beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public/index.html"), "page ".repeat(2000));
  for (const [kind, nets] of Object.entries(descriptions)) {
    const path = join(folder, `${kind}.appl`);
    writeFileSync(
      path,
      `appl 1\nuse std/net\nuse std/dns\nuse std/http\nuse std/metrics\nuse std/board/linux\nappliance it {\n  ${nets}\n${services}}\ntarget linux { board = linux.x86_64 }\n`,
    );
    programs.set(kind as Kind, await simulatedAppliance(`${path}@linux`));
  }
}, 180_000);

/** Words that parsers know, for places where they do not belong. */
const words = [
  ..."\r\n|\r\n\r\n|Content-Length: 5|Transfer-Encoding: chunked|0\r\n\r\n|Range: bytes=0-,-1|Host: |GET / HTTP/1.1\r\n|HTTP/1.0|%00|../|: |\t".split(
    "|",
  ),
  "\xc0\x0c",
  "\x00\x29\xff\xff\x00\x00\x00\x00\x00\x00",
  "\x00\xfc\x00\x01",
].map((word) => Buffer.from(word, "latin1"));

const requests = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "HEAD /index.html HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br;q=0.5\r\n\r\n",
  'GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9,20-29,-5\r\nIf-None-Match: "x", W/"y"\r\n\r\n',
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
  "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
];
const question = (name: string, type: string) => dnsQuestion(name, type, 7)!;
const questions = [
  question("ns1.example.com", "A"),
  question("nobody.example.com", "MX"),
  question(".", "NS"),
];
const streamed = questions.map((each) =>
  Buffer.from(concat(Uint8Array.of(0, each.length), each)).toString("latin1"),
);

/** Between bad hosts and the network: about half of what they send becomes something else. */
class Mutator {
  readonly inner: Port;
  readonly outer: Port;
  /** What came back last: errors quote it. */
  readonly heard: Uint8Array[] = [];

  constructor(simulation: Simulation, random: Random) {
    this.inner = new Port(
      simulation,
      "mutator.inner",
      (frame) => {
        for (const each of random.below(2) === 0 ? [frame] : mutated(frame, random, words))
          this.outer.send(each);
      },
      { isTransparent: true },
    );
    this.outer = new Port(
      simulation,
      "mutator.outer",
      (frame) => {
        this.heard.push(frame);
        if (this.heard.length > 32) this.heard.shift();
        this.inner.send(frame);
      },
      { isTransparent: true },
    );
  }
}

/** Somebody who talks with everything that the appliance has. */
class Talker {
  readonly http: HttpClient;
  readonly http6: HttpClient;
  readonly dns: HttpClient;
  readonly #random: Random;
  readonly #mutator: Mutator;
  readonly #server: () => string;

  constructor(
    simulation: Simulation,
    n: number,
    random: Random,
    mutator: Mutator,
    lan: Switch,
    server: () => string,
  ) {
    this.#random = random;
    this.#mutator = mutator;
    this.#server = server;
    const made = (name: string, port: number, at: number, six: boolean) => {
      const client = new HttpClient(simulation, {
        name: `${name}${n}`,
        address: `10.0.3.${10 * n + at}`,
        server: six ? V6 : server(),
        port,
        ...(six ? { addresses6: [`fe80::${n}:${at}`, `2001:db8::${n}:${at}`] as const } : {}),
      });
      new Cable(simulation, client.host.port, lan.port());
      return client;
    };
    this.http = made("http", 80, 1, false);
    this.http6 = made("http6-", 80, 2, true);
    this.dns = made("dns", 53, 3, false);
  }

  act(): void {
    const random = this.#random;
    const server = this.#server();
    const host6 = this.http6.host6!;
    pick(random, [
      () => this.http.connect(pick(random, [65_535, 1000, 0])).send(pick(random, requests)),
      () => this.http6.connect().send(pick(random, requests) + pick(random, requests)),
      () => this.dns.connect().send(pick(random, streamed)),
      () => this.http.host.sendUdp(server, 53, 5000 + random.below(9), pick(random, questions)),
      () => host6.sendUdp(V6, 53, 5000, pick(random, questions)),
      () => this.http.host.sendEcho(server, random.u32(), new Uint8Array(random.below(3000))),
      () => host6.ping(V6, new Uint8Array(random.below(1200))),
      () =>
        host6.advertise({
          lifetime: random.below(3) * 900,
          mtu: 1280 + random.below(400),
          prefixes: [{ prefix: `2001:db8:${random.below(9)}::` }],
          nameServers: ["2001:db8::53"],
        }),
      () => this.#error(),
    ])();
  }

  /** An error about what the appliance has sent. */
  #error(): void {
    const { heard } = this.#mutator;
    if (heard.length === 0) return;
    const random = this.#random;
    const frame = parseEthernet(pick(random, heard));
    const word = random.below(2) === 0 ? 576 + random.below(1000) : random.u32();
    const packet4 = frame?.type === etherType.ipv4 ? parseIpv4(frame.payload) : undefined;
    const packet6 = frame?.type === etherType.ipv6 ? parseIpv6(frame.payload) : undefined;
    if (packet4 !== undefined) {
      const quote = frame!.payload.subarray(0, 28 + random.below(60));
      const error = icmp(3, random.below(6), word, quote);
      const { host } = this.http;
      const from = host.address;
      const whole = ipv4({ from, to: packet4.from, protocol: protocol.icmp }, error);
      host.sendFrame(ethernet(host.mac, frame!.from, etherType.ipv4, whole));
    } else if (packet6 !== undefined && !packet6.to.startsWith("ff")) {
      const { host } = this.http6;
      const from = this.http6.host6!.from(packet6.from);
      const error = icmp6(
        [from, packet6.from],
        pick(random, [1, 2, 3, 4]),
        0,
        word,
        frame!.payload.subarray(0, 80),
      );
      const whole = ipv6({ from, to: packet6.from, next: protocol.icmpv6 }, error);
      host.sendFrame(ethernet(host.mac, frame!.from, etherType.ipv6, whole));
    }
  }
}

/** What the appliance says of its pools: connections by state, and memory. */
function pools(simulation: Simulation, lan: Switch, server: string, name: string): string[] {
  const reader = new HttpClient(simulation, { name, address: `10.0.200.${name.length}`, server, port: 9100 });
  new Cable(simulation, reader.host.port, lan.port());
  const connection = reader.connect();
  connection.send("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  simulation.run(10 * SECOND);
  return connection.received
    .split("\n")
    .filter((line) => /^appl_(tcp_connections({state|_max)|tcp_receive_memory|http_connections )/.test(line));
}

function outlive(kind: Kind, seed: number): { served: number; asked: number } {
  const simulation = new Simulation({ seed });
  const random = simulation.random("mutations");
  const machine = new Machine(simulation, { name: "it", program: programs.get(kind)! });
  const lan = new Switch(simulation, "lan");
  const cable = new Cable(simulation, machine.port, lan.port(), { delay: MILLISECOND });
  const mutator = new Mutator(simulation, random);
  const bad = new Switch(simulation, "bad");
  new Cable(simulation, mutator.outer, lan.port());
  new Cable(simulation, mutator.inner, bad.port());
  // A server whose answers are wrong, besides one whose answers are right.
  let liar: DhcpServer | undefined;
  const giver = (name: string, address: string, at: Switch) => {
    const host = new Host(simulation, { name, address });
    new Cable(simulation, host.port, at.port());
    return new DhcpServer(host, { pool: [V4], lease: 40, mask: "255.255.0.0", nameServers: ["10.0.0.3"] });
  };
  if (kind === "asked") {
    giver("giver", "10.0.0.2/16", lan);
    liar = giver("liar", "10.0.0.4/16", bad);
    liar.isOn = false;
  }
  machine.switchOn();
  simulation.run(5 * SECOND);
  const before = pools(simulation, lan, V4, "first");
  expect(before.length, before.join("\n")).toBeGreaterThan(3);
  const memory = machine.memory.buffer.byteLength;
  const good = new HttpClient(simulation, { name: "good", address: "10.0.9.9", server: V4 });
  new Cable(simulation, good.host.port, lan.port());
  const talkers = Array.from(
    { length: 3 },
    (_, n) => new Talker(simulation, n + 1, random, mutator, bad, () => V4),
  );
  if (liar !== undefined) liar.isOn = true;

  let [served, asked] = [0, 0];
  const start = simulation.now;
  for (let n = 0; n < LENGTH * 100; n++)
    simulation.at(start + n * 10 * MILLISECOND, () => pick(random, talkers).act());
  for (let n = 0; n < LENGTH; n++)
    simulation.at(start + n * SECOND, () => {
      asked += 1;
      const connection = good.connect();
      connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      connection.onChange = () => {
        if (!connection.isOver) return;
        if (connection.isClosed && connection.received.startsWith("HTTP/1.1 200")) served += 1;
        connection.onChange = () => undefined;
      };
    });
  simulation.run(LENGTH * SECOND);
  // The bad ones are silent; what they have begun is forgotten, and what they have taken is given back.
  if (liar !== undefined) liar.isOn = false;
  for (const { http, http6, dns } of talkers) for (const each of [http, http6, dns]) each.isSilent = true;
  cable.cut();
  simulation.run(SECOND);
  cable.heal();
  simulation.run(20 * MINUTE);
  const echo = ping(good.host, V4);
  const answer = askUdp(good.host, V4, 53, questions[0]!);
  simulation.run(20 * SECOND);
  expect({ seed, echo: echo.answer !== undefined, dns: answer.answer !== undefined }).toEqual({
    seed,
    echo: true,
    dns: true,
  });
  expect(pools(simulation, lan, V4, "second")).toEqual(before);
  expect(machine.memory.buffer.byteLength).toBe(memory);
  expect({ seed, ...machine.devices[0]!.held }).toEqual({ seed, received: 0, sending: 0 });
  return { served, asked };
}

test.each<[Kind, number]>([
  ["written", 0.95],
  ["several", 0.95],
  ["asked", 0.3],
])(
  `an appliance with addresses that are %s outlives ${RUNS} times ${LENGTH} s of it`,
  (kind, share) => {
    let [served, asked] = [0, 0];
    for (let run = 0; run < RUNS; run++) {
      const figures = outlive(kind, SEED + run);
      served += figures.served;
      asked += figures.asked;
      if (RUNS > 10) console.log(`${kind} ${SEED + run}: ${figures.served} of ${figures.asked}`);
    }
    expect(served / asked).toBeGreaterThanOrEqual(share);
  },
  3_600_000,
);
