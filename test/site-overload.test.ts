/**
 * Those who are slow on purpose, in simulated networks: a site with 256 places for connections, a thousand connections of forty attackers that
 * come again as soon as they are closed, and twenty clients who want a page each second. How many of these are served is the figure.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Cable, Machine, MILLISECOND, SECOND, Simulation, Switch, type TcpConnection } from "#simulate";
import { HttpClient } from "#tools/http-peers";
import { simulatedAppliance } from "#tools/simulated";
import { temporaryFolder } from "./appliance.ts";

const SERVER = "10.0.0.1";
const PLACES = 256;
const [ATTACKERS, EACH, CLIENTS, SECONDS] = [40, 25, 20, 12];
const PAGE = "p".repeat(4000);
const GET = "GET / HTTP/1.1\r\nHost: a\r\n";

const description = `appl 1
use std/net
use std/http
use std/board/linux
appliance site {
  net eth0 { address = ${SERVER}/16 }
  http {
    listen { plain = *:80 }
    limits { connections = ${PLACES}; per_client = none; body = 64KiB }
    server main { files "/" { root = dir "./public" } }
  }
}
target linux { board = linux.x86_64 }
`;

let program: WebAssembly.Module;
beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public/index.html"), PAGE);
  writeFileSync(join(folder, "site.appl"), description);
  program = await simulatedAppliance(`${join(folder, "site.appl")}@linux`);
});

interface Figures {
  served: number;
  /** 503 with Retry-After. */
  later: number;
  /** Reset at once. */
  refused: number;
  /** None of these in eight seconds. */
  lost: number;
  /** Milliseconds. */
  slowest: number;
}

/** `begin` is what an attacker does on a new connection, `go` every second on each. */
function attack(
  begin: (connection: TcpConnection) => void,
  go: (connection: TcpConnection) => void,
  window?: number,
): Figures {
  const simulation = new Simulation({ seed: 1 });
  const site = new Machine(simulation, { name: "site", program });
  const middle = new Switch(simulation, "middle");
  new Cable(simulation, site.port, middle.port(), { delay: 1 * MILLISECOND });
  const join = (name: string, address: string): HttpClient => {
    const client = new HttpClient(simulation, { name, address, server: SERVER });
    new Cable(simulation, client.host.port, middle.port(), { delay: 10 * MILLISECOND });
    return client;
  };
  site.switchOn();
  simulation.run(SECOND);
  const memory = site.memory.buffer.byteLength;
  const attackers = Array.from({ length: ATTACKERS }, (_, n) => join(`attacker${n}`, `10.0.1.${n + 1}`));
  const slow = attackers.flatMap((attacker) =>
    Array.from({ length: EACH }, () => ({ attacker, connection: open(attacker) })),
  );
  function open(attacker: HttpClient): TcpConnection {
    const connection = attacker.connect(window);
    begin(connection);
    return connection;
  }
  const figures: Figures = { served: 0, later: 0, refused: 0, lost: 0, slowest: 0 };
  const clients = Array.from({ length: CLIENTS }, (_, n) => join(`client${n}`, `10.0.2.${n + 1}`));
  for (let second = 2; second < 2 + SECONDS; second++) {
    for (const [n, each] of slow.entries())
      simulation.at(second * SECOND + n * MILLISECOND, () => {
        if (each.connection.isOver) each.connection = open(each.attacker);
        else go(each.connection);
      });
    for (const [n, client] of clients.entries())
      simulation.at(second * SECOND + n * 47 * MILLISECOND, () => ask(simulation, client, figures));
  }
  simulation.run((SECONDS + 9) * SECOND);
  expect(site.memory.buffer.byteLength).toBe(memory);
  expect(site.devices[0]!.held).toEqual({ received: 0, sending: 0 });
  return figures;
}

function ask(simulation: Simulation, client: HttpClient, figures: Figures): void {
  const connection = client.connect();
  const begun = simulation.now;
  let isDone = false;
  connection.send(`${GET}Connection: close\r\n\r\n`);
  connection.onChange = () => {
    if (isDone || !connection.isOver) return;
    isDone = true;
    figures.slowest = Math.max(figures.slowest, (simulation.now - begun) / MILLISECOND);
    const { received } = connection;
    if (received.startsWith("HTTP/1.1 200 ") && received.endsWith(PAGE)) figures.served += 1;
    else if (/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: \d+\r\n/.test(received)) figures.later += 1;
    else if (connection.isReset) figures.refused += 1;
    else figures.lost += 1;
  };
  simulation.at(begun + 8 * SECOND, () => {
    if (isDone) return;
    isDone = true;
    figures.lost += 1;
  });
}

const all = CLIENTS * SECONDS;
type Act = (connection: TcpConnection) => void;
const nothing: Act = () => undefined;

test.each<[string, Act, Act]>([
  ["connect and say nothing", nothing, nothing],
  ["send a head byte by byte", (it) => it.send(`${GET}X: `), (it) => it.send("x")],
  [
    "send a body byte by byte",
    (it) => it.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"),
    (it) => it.send("x"),
  ],
])("while a thousand connections %s, everybody else is served", (_, begin, go) => {
  const figures = attack(begin, go);
  expect(figures).toMatchObject({ served: all, later: 0, refused: 0, lost: 0 });
  expect(figures.slowest).toBeLessThan(1000);
});

test.each<[string, number, Act, Act, number?]>([
  ["keep connections after a request", 0.95, (it) => it.send(`${GET}\r\n`), nothing],
  [
    "ask for many pages at once",
    0.9,
    (it) => it.send(`${GET}\r\n`.repeat(5)),
    (it) => it.send(`${GET}\r\n`.repeat(2)),
  ],
  ["read nothing of their answers", 0.3, (it) => it.send(`${GET}\r\n`), nothing, 1000],
  ["read a hundred bytes each second", 0.05, (it) => it.send(`${GET}\r\n`), (it) => it.read(100), 100],
])("while a thousand connections %s, nobody waits in vain", (_, share, begin, go, window) => {
  const figures = attack(begin, go, window);
  expect(figures.served / all, JSON.stringify(figures)).toBeGreaterThan(share);
  expect(figures.lost).toBe(0);
  expect(figures.slowest).toBeLessThan(1000);
});
