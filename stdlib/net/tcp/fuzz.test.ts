/** Segments that are wrong in every way, to connections in every state: no trap, nothing malformed in return, nothing kept. */
import { beforeAll, expect, test } from "vitest";
import { concat, MILLISECOND, MINUTE, type Random, SECOND, tcpFlag } from "#simulate";
import { counted, Peer, tcpProgram, told } from "#tools/tcp-peers";

let program: WebAssembly.Module;
beforeAll(async () => {
  program = await tcpProgram();
});

/** Machines, and segments for each. Other numbers are for longer runs by hand. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 30);
const SEGMENTS = Number(process.env["FUZZ_COUNT"] ?? 1000);
const { syn, ack } = tcpFlag;

const pick = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)]!;

/** Numbers near those at which programs break. */
const near = (random: Random, value: number) =>
  (value +
    pick(random, [0, 0, 0, 0, 1, -1, 5, 1460, 65535, 65536, -65536, 2 ** 31, 2 ** 31 - 1]) +
    (random.below(8) === 0 ? random.u32() : 0)) >>>
  0;

/** Options as they should be, and as they should not. */
function options(random: Random, theirs: number): Uint8Array {
  const word = (value: number) => [value >>> 24, value >>> 16, value >>> 8, value].map((byte) => byte & 255);
  const parts: number[] = [];
  while (parts.length < 40 && random.below(3) > 0)
    parts.push(
      ...pick(random, [
        () => [1],
        () => [2, 4, random.below(256), random.below(256)],
        () => [3, 3, random.below(256)],
        () => [4, 2],
        () => [8, 10, ...word(near(random, 5000)), ...word(near(random, 0))],
        () => [5, 10, ...word(near(random, theirs)), ...word(near(random, theirs + 1460))],
        () => [random.below(256), random.below(256)],
        () => [0],
      ])(),
    );
  const all = Uint8Array.from(parts.slice(0, 40));
  return concat(all, new Uint8Array((4 - (all.length % 4)) % 4));
}

test(`${RUNS} machines outlive ${SEGMENTS} wrong segments each, and serve good ones after`, () => {
  const reached = new Map<string, number>();
  const names = [
    "accepted",
    "outOfWindow",
    "challenges",
    "paws",
    "badAck",
    "badHeader",
    "outOfOrder",
    "resetsIn",
  ];
  for (let run = 0; run < RUNS; run++) {
    const peer = new Peer(program, 7, { connections: 24, halfOpen: 6, memory: 65536 }, run);
    const random = peer.simulation.random("fuzz");
    const { free } = told(peer.server);
    const size = peer.server.memory.buffer.byteLength;
    let mine = 1000;
    let theirs = 0;
    for (let n = 0; n < SEGMENTS; n++) {
      if (random.below(20) === 0) {
        peer.port = 40_000 + random.below(6);
        peer.to = pick(random, [7, 9, 19, 20]);
        mine = near(random, mine);
        const [answer] = peer.send({ flags: syn, sequence: mine, options: options(random, theirs) });
        if (answer !== undefined && answer.flags === (syn | ack)) {
          theirs = (answer.sequence + 1) >>> 0;
          mine = (mine + 1) >>> 0;
          peer.send({ flags: ack, sequence: mine, acknowledgement: theirs });
        }
      }
      const payload = new Uint8Array(pick(random, [0, 0, 1, 10, 536, 1400])).fill(n);
      const got = peer.send(
        {
          flags: pick(random, [ack, ack, ack, ack | 8, ack | 1, random.below(256), random.below(64)]),
          sequence: near(random, mine),
          acknowledgement: near(random, theirs),
          window: pick(random, [0, 1, 100, 65535, 65535]),
          options: random.below(2) === 0 ? new Uint8Array() : options(random, theirs),
          ...(random.below(30) === 0 ? { headerWords: random.below(16) } : {}),
        },
        payload,
        pick(random, [0, 0, 0, MILLISECOND, 50 * MILLISECOND, SECOND]),
      );
      for (const segment of got)
        if (segment.to === peer.port && segment.payload.length > 0 && random.below(2) === 0)
          theirs = (segment.sequence + segment.payload.length) >>> 0;
      if (random.below(3) === 0) mine = (got.at(-1)?.acknowledgement ?? mine) >>> 0;
    }
    peer.pass(30 * MINUTE);
    expect({ run, ...told(peer.server) }).toMatchObject({ run, halfOpen: 0 });
    expect(peer.server.memory.buffer.byteLength).toBe(size);
    for (const name of names) reached.set(name, (reached.get(name) ?? 0) + counted(peer.server, name));
    // Connections that nobody closed are still there; those that are reset give everything back.
    peer.server.exports["abortAll"]();
    peer.pass(MINUTE);
    expect({ run, ...told(peer.server) }).toMatchObject({ run, open: 0, free });
  }
  expect(names.filter((name) => reached.get(name) === 0)).toEqual([]);
});
