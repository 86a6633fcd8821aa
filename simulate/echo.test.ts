/**
 * The stack with a service of a test on it: what to copy for a protocol that no appliance has yet. The program is compiled once; each test switches machines
 * of it on in networks of its own.
 */
import { beforeAll, expect, test } from "vitest";
import {
  askUdp,
  Cable,
  type Conditions,
  flows,
  Host,
  lineOf,
  Machine,
  MILLISECOND,
  SECOND,
  Simulation,
  Trace,
} from "#simulate";
import { simulatedProgram } from "#tools/simulated";

/** Sends back what it got, from port 7. `start` and `poll` call what a build would. */
const entry = `
import { Bytes } from "./stdlib/core/bytes";
import { Peer, Responder } from "./stdlib/net/udp";
import * as link from "./backends/simulate/drivers/link";
import * as arp from "./stdlib/net/arp/index";
import * as ethernet from "./stdlib/net/ethernet/index";
import * as ipv4 from "./stdlib/net/ipv4/index";
import * as stack from "./stdlib/net/stack/index";
import * as udp from "./stdlib/net/udp/index";

class Echo extends Responder {
  respond(request: Bytes, reply: Bytes, _peer: Peer): u32 {
    reply.copy(0, request, 0, request.length);
    return request.length;
  }
}

export function configure(address: u32, gateway: u32): void {
  assert(stack.configure("eth0", address, 24, gateway, 1500));
  const echo = new Echo();
  echo.most = 1472;
  assert(udp.bind(0, 0, 7, echo));
}
export function start(): void {
  link.start();
  ethernet.start();
  arp.start();
  stack.start();
}
export function poll(now: u64): u64 {
  ethernet.poll(now);
  arp.poll(now);
  ipv4.poll(now);
  return min(ethernet.deadline(), min(arp.deadline(), ipv4.deadline()));
}
`;

const [SERVER, CLIENT, NEIGHBOUR] = ["10.0.2.15", "10.0.2.2", 0x0a00020f] as const;
let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedProgram({ entry: "echo.ts", files: { "echo.ts": entry } });
});

/** Server and client, a cable between them. */
function network(seed: number, conditions: Partial<Conditions> = {}, offloads = false) {
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation);
  const server = new Machine(simulation, {
    name: "server",
    program,
    nics: [{ mac: "52:54:00:12:34:56", offloads }],
    prepare: (exports) => exports["configure"](NEIGHBOUR, 0),
  });
  const client = new Host(simulation, { name: "client", address: `${CLIENT}/24` });
  const cable = new Cable(simulation, client.port, server.port, conditions);
  server.switchOn();
  return { simulation, trace, server, client, cable };
}

const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => n * 7);

test("a datagram comes back, as long after as the cable is", () => {
  const { simulation, client } = network(1, { delay: 30 * MILLISECOND });
  simulation.run(SECOND);
  const question = askUdp(client, SERVER, 7, bytes(100));
  simulation.run(SECOND);
  expect(question.answer).toEqual(bytes(100));
  // Once there and back for the address, once for the datagram.
  expect(question.answeredAt! - question.askedAt).toBe(120 * MILLISECOND);
});

test.each([false, true])("checksums are right, made by the device: %s", (offloads) => {
  const { simulation, client } = network(1, {}, offloads);
  const question = askUdp(client, SERVER, 7, bytes(1000));
  simulation.run(SECOND);
  expect(question.answer).toEqual(bytes(1000));
  expect(client.bad).toBe(0);
});

test("with one bit that is wrong in each frame nothing wrong is taken for an answer", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { simulation, client, cable } = network(seed);
    simulation.run(SECOND);
    const first = askUdp(client, SERVER, 7, bytes(60));
    simulation.run(SECOND);
    expect(first.answer).toEqual(bytes(60));
    cable.set({ corruption: 0.5 });
    const question = askUdp(client, SERVER, 7, bytes(60), { tries: 20 });
    simulation.run(30 * SECOND);
    expect(question.answer).toEqual(bytes(60));
  }
});

test("the third frame of the client is lost, and it asks again", () => {
  const { simulation, client, cable, trace } = network(1);
  cable.there.set({ filter: (_frame, number) => number === 2 });
  const ask = () => askUdp(client, SERVER, 7, bytes(10), { timeout: 500 * MILLISECOND });
  // The first frame asks for the address.
  const one = ask();
  simulation.run(SECOND);
  const other = ask();
  simulation.run(2 * SECOND);
  expect([one.tries, other.tries]).toEqual([1, 2]);
  expect(trace.lines()).toContain(
    "1.000000000 client x lost (filter) 10.0.2.2:49154 > 10.0.2.15:7 UDP 10 bytes",
  );
});

test("the frames of one connection are seen by themselves, lost ones too", () => {
  const { simulation, client, cable, trace } = network(1, { delay: MILLISECOND });
  simulation.run(SECOND);
  askUdp(client, SERVER, 7, bytes(1));
  simulation.run(SECOND);
  cable.back.set({ filter: () => true });
  askUdp(client, SERVER, 7, bytes(2), { tries: 1 });
  simulation.run(SECOND);
  const all = [...flows(trace.events)].map(([flow, events]) => [flow, events.map(lineOf)]);
  expect(all.map(([flow]) => flow)).toEqual([
    "10.0.2.15:7 - 10.0.2.2:49153 UDP",
    "10.0.2.15:7 - 10.0.2.2:49154 UDP",
  ]);
  expect(all[1]![1]).toEqual([
    "2.000000000 client > 10.0.2.2:49154 > 10.0.2.15:7 UDP 2 bytes",
    "2.001000000 server.0 < 10.0.2.2:49154 > 10.0.2.15:7 UDP 2 bytes",
    "2.001000000 server.0 > 10.0.2.15:7 > 10.0.2.2:49154 UDP 2 bytes",
    "2.001000000 server.0 x lost (filter) 10.0.2.15:7 > 10.0.2.2:49154 UDP 2 bytes",
  ]);
});

test("a program that traps ends the simulation, and says where and when", () => {
  const { simulation, server } = network(1);
  simulation.run(SECOND);
  const frame = new Uint8Array(60);
  // What the machine is given is not what it has: the program's own memory is written over.
  new Uint8Array(server.memory.buffer).fill(0xff);
  simulation.at(2 * SECOND, () => server.port.arrive(frame));
  expect(() => simulation.run(5 * SECOND)).toThrow(/^server trapped after [12]\.\d{9} s: /);
});

test("a machine that is switched off and on again begins anew", () => {
  const { simulation, client, server } = network(1);
  simulation.run(SECOND);
  server.switchOff();
  const unheard = askUdp(client, SERVER, 7, bytes(10), { tries: 1 });
  simulation.run(5 * SECOND);
  server.switchOn();
  const heard = askUdp(client, SERVER, 7, bytes(10));
  simulation.run(5 * SECOND);
  expect(unheard.answer).toBeUndefined();
  expect(heard.answer).toEqual(bytes(10));
  expect(server.console.map(({ time, text }) => [time, text])).toEqual([
    [0, "eth0: 10.0.2.15 52:54:00:12:34:56"],
    [6 * SECOND, "eth0: 10.0.2.15 52:54:00:12:34:56"],
  ]);
});

test("the same seed gives the same events, and another one others", () => {
  const run = (seed: number) => {
    const conditions = {
      delay: 20 * MILLISECOND,
      jitter: 5 * MILLISECOND,
      bandwidth: 1e6,
      queue: 20,
      loss: 0.05,
      duplication: 0.05,
      reordering: 0.1,
      corruption: 0.02,
    };
    const { simulation, client, trace } = network(seed, conditions);
    for (let n = 0; n < 200; n++)
      simulation.at(n * 3 * MILLISECOND, () => void askUdp(client, SERVER, 7, bytes(n * 7)));
    simulation.run(10 * SECOND);
    return { lines: trace.lines(), fingerprint: trace.fingerprint };
  };
  const first = run(7);
  expect(first.lines.length).toBeGreaterThan(800);
  for (const why of ["chance", "queue"]) expect(first.lines.join("\n")).toContain(`lost (${why})`);
  expect(run(7)).toEqual(first);
  expect(run(8).fingerprint).not.toBe(first.fingerprint);
});
