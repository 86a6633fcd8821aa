/** A flood of SYNs from everywhere, while a good client wants something: it is served, and memory stays what it was. */
import { beforeAll, expect, test } from "vitest";
import {
  addressNumber,
  Cable,
  ethernet,
  Host,
  ipv4,
  MILLISECOND,
  protocol,
  SECOND,
  Simulation,
  Switch,
  tcp,
  tcpFlag,
} from "#simulate";
import { CLIENT, counted, SERVER, service, tcpMachine, tcpProgram, told } from "#tools/tcp-peers";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

const MAC = "52:54:00:12:34:56";
/** SYNs a second, and for how long. */
const [RATE, LENGTH] = [10_000, 5];

test(`a hundred fetches during ${RATE * LENGTH} forged SYNs all succeed`, () => {
  const simulation = new Simulation({ seed: 1 });
  const server = tcpMachine(simulation, {
    program,
    name: "server",
    address: SERVER,
    serve: [{ port: 19, service: service.generate, amount: 20_000 }],
    connections: 64,
    halfOpen: 16,
    nic: { mac: MAC },
  });
  const client = tcpMachine(simulation, { program, name: "client", address: CLIENT, connections: 128 });
  const attacker = new Host(simulation, { name: "attacker", address: "10.0.2.66/24" });
  const lan = new Switch(simulation, "lan");
  for (const port of [server.port, client.port, attacker.port])
    new Cable(simulation, port, lan.port(), { delay: MILLISECOND });
  server.switchOn();
  client.switchOn();
  simulation.run(3 * SECOND);
  const size = server.memory.buffer.byteLength;

  const random = simulation.random("attacker");
  const start = simulation.now;
  for (let n = 0; n < RATE * LENGTH; n++)
    simulation.at(start + (n * SECOND) / RATE, () => {
      const from = `198.51.${random.below(256)}.${random.below(256)}`;
      const segment = tcp(
        {
          from: 1024 + random.below(60_000),
          to: 19,
          addresses: [from, SERVER],
          sequence: random.u32(),
          flags: tcpFlag.syn,
        },
        new Uint8Array(),
      );
      attacker.sendFrame(
        ethernet(attacker.mac, MAC, 0x0800, ipv4({ from, to: SERVER, protocol: protocol.tcp }, segment)),
      );
    });
  for (let n = 0; n < 100; n++)
    simulation.at(start + (n * LENGTH * SECOND) / 100, () => {
      client.exports["connect"](0n, BigInt(addressNumber(SERVER)), 19, service.discard, 0n);
      client.wake();
    });
  simulation.run((LENGTH + 2) * SECOND);

  expect(told(client)).toMatchObject({ finishes: 100, received: 100 * 20_000 });
  expect(counted(server, "cookiesSent")).toBeGreaterThan(40_000);
  expect(server.memory.buffer.byteLength).toBe(size);
  // Those that were forged are forgotten.
  simulation.run(60 * SECOND);
  expect(told(server)).toMatchObject({ halfOpen: 0, open: 0 });
});
