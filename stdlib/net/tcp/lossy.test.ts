/** Two machines with TCP and bad cables between them: everything arrives, in order and once, and everything is given back. */
import { beforeAll, describe, expect, test } from "vitest";
import { addressNumber, type Conditions, MILLISECOND, MINUTE, SECOND } from "#simulate";
import { counted, pairOf, pattern, SERVER, service, sumOf, tcpProgram, told } from "#tools/tcp-peers";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

const SEEDS = Number(process.env["TCP_SEEDS"] ?? 20);

/** The client gets `amount` bytes of the server; how long that took, in seconds. */
function fetched(seed: number, conditions: Partial<Conditions>, amount: number, sum: number) {
  const both = pairOf(program, seed, conditions, {
    serve: [{ port: 19, service: service.generate, amount }],
    // With every other seed the server's device cuts what is sent, so that what is lost is a part of what was handed over.
    nic: { offloads: seed % 2 === 1 },
  });
  const { simulation, client, server } = both;
  const before = [client, server].map((machine) => told(machine).free);
  const start = simulation.now;
  client.exports["connect"](0n, BigInt(addressNumber(SERVER)), 19, service.discard, 0n);
  client.wake();
  simulation.until(() => told(client).finishes === 1, 30 * MINUTE);
  const took = (simulation.now - start) / SECOND;
  expect({ seed, ...told(client) }).toMatchObject({ seed, received: amount, checksum: sum, finishes: 1 });
  simulation.run(5 * MINUTE);
  for (const machine of [client, server]) expect(told(machine)).toMatchObject({ open: 0, waiting: 0 });
  expect([client, server].map((machine) => told(machine).free)).toEqual(before);
  return { took, ...both };
}

const SIZE = 300_000;
const sum = sumOf(pattern(SIZE));

describe.each<[string, Partial<Conditions>]>([
  ["2 % loss", { delay: 20 * MILLISECOND, loss: 0.02 }],
  ["10 % loss", { delay: 10 * MILLISECOND, loss: 0.1 }],
  ["15 % loss", { delay: 5 * MILLISECOND, loss: 0.15 }],
  ["frames that come late", { delay: 20 * MILLISECOND, reordering: 0.2, lateness: 30 * MILLISECOND }],
  ["frames that come twice", { delay: 20 * MILLISECOND, duplication: 0.3 }],
  ["wrong bits", { delay: 5 * MILLISECOND, corruption: 0.05 }],
  ["jitter", { delay: 30 * MILLISECOND, jitter: 25 * MILLISECOND }],
  ["a narrow cable with a short queue", { bandwidth: 2e6, queue: 10, delay: 20 * MILLISECOND }],
  [
    "all of it",
    {
      delay: 15 * MILLISECOND,
      jitter: 5 * MILLISECOND,
      loss: 0.05,
      duplication: 0.05,
      reordering: 0.05,
      corruption: 0.02,
    },
  ],
])("over a cable with %s", (_, conditions) => {
  test(`everything arrives, with ${SEEDS} seeds`, () => {
    for (let seed = 0; seed < SEEDS; seed++) fetched(seed, conditions, SIZE, sum);
  });
});

test("echo under loss brings everything back, both sides sending", () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const { simulation, client, server } = pairOf(
      program,
      seed,
      { delay: 10 * MILLISECOND, loss: 0.05 },
      { serve: [{ port: 7, service: service.echo }] },
    );
    client.exports["connect"](0n, BigInt(addressNumber(SERVER)), 7, service.generate, BigInt(SIZE));
    client.wake();
    simulation.until(() => told(client).ends === 1 && told(server).ends === 1, 20 * MINUTE);
    expect({ seed, ...told(client) }).toMatchObject({ seed, received: SIZE, checksum: sum, lastEnd: 0 });
    expect({ seed, ...told(server) }).toMatchObject({ seed, received: SIZE, checksum: sum, lastEnd: 0 });
  }
});

test("a cable that is cut for ten seconds costs little more than that", () => {
  const { simulation, client, cable } = pairOf(
    program,
    1,
    { delay: 10 * MILLISECOND, bandwidth: 1e6 },
    { serve: [{ port: 19, service: service.generate, amount: SIZE }] },
  );
  client.exports["connect"](0n, BigInt(addressNumber(SERVER)), 19, service.discard, 0n);
  client.wake();
  simulation.run(SECOND);
  cable.cut();
  simulation.run(10 * SECOND);
  cable.heal();
  simulation.run(12 * SECOND);
  expect(told(client)).toMatchObject({ received: SIZE, checksum: sum });
});

test("a bottleneck is used, without timeouts", () => {
  const amount = 3_000_000;
  const { took, server } = fetched(
    3,
    { bandwidth: 10e6, delay: 20 * MILLISECOND, queue: 60 },
    amount,
    sumOf(pattern(amount)),
  );
  // The least it can take is 2.5 s: 10 Mbit/s with headers.
  expect(took).toBeLessThan(2.9);
  expect(counted(server, "timeouts")).toBe(0);
});

test.each([1400, 1220, 600])(
  "a cable that loses frames of more than %i bytes without a word is found out",
  (mtu) => {
    const { took } = fetched(1, { delay: 10 * MILLISECOND, mtu }, SIZE, sum);
    expect(took).toBeLessThan(20);
  },
);
