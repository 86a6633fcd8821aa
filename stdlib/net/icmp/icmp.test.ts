import { expect, test } from "vitest";
import { checksum, concat, ethernet, hex, icmp, ipv4, udp } from "#simulate";
import { type SentFrame, SimulatedHost } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const from = "10.0.2.2";
const to = "10.0.2.15";

async function started(): Promise<SimulatedHost> {
  const host = await SimulatedHost.make([{ address: `${to}/24`, gateway: from, mac: ours }]);
  host.as.exports["bindEcho"](0n, 0n, 7, 1472);
  host.start();
  host.pass(3000);
  return host;
}

const asked = (message: Uint8Array, fields = {}) =>
  ethernet(theirs, ours, 0x0800, ipv4({ from, to, protocol: 1, ...fields }, message));
const ping = (payload: Uint8Array, word = 0x12340001) => icmp(8, 0, word, payload);
const payloadOf = ({ bytes }: SentFrame) => bytes.slice(34);

test("answers an echo request with its own payload, whatever its length", async () => {
  const host = await started();
  for (const length of [0, 1, 7, 8, 56, 1471, 1472]) {
    const payload = Uint8Array.from({ length }, (_, n) => n * 31);
    const sent = host.receive(asked(ping(payload)));
    expect(sent.map(payloadOf)).toEqual([icmp(0, 0, 0x12340001, payload)]);
  }
});

test("its checksum is right for every request's checksum", async () => {
  const host = await started();
  for (let word = 0; word < 65536; word += 251) {
    const [sent] = host.receive(asked(ping(hex("00"), word)));
    expect(checksum(payloadOf(sent!))).toBe(0);
    host.pass(5);
  }
  // The sums where one's complement has two zeros.
  for (const word of [0xf7ff, 0xf7fe, 0xf800, 0xffff, 0]) {
    const [sent] = host.receive(asked(ping(hex(""), word)));
    expect(checksum(payloadOf(sent!))).toBe(0);
  }
});

test("answers an echo request that came in fragments, in fragments", async () => {
  const host = await started();
  const message = ping(Uint8Array.from({ length: 3000 }, (_, n) => n * 31));
  const cut = [0, 1480, 2960].map((offset, n) =>
    asked(message.slice(offset, offset + 1480), { identification: 9, offset, moreFragments: n < 2 }),
  );
  const sent = cut.flatMap((frame) => host.receive(frame));
  expect(sent.length).toBe(3);
  expect(concat(...sent.map(payloadOf))).toEqual(icmp(0, 0, 0x12340001, message.slice(8)));
});

const silent: [why: string, message: Uint8Array][] = [
  ["a wrong checksum", ping(hex("0102")).with(2, 0)],
  ["an echo reply", icmp(0, 0, 1, hex("0102"))],
  ["an unknown code", icmp(8, 1, 1, hex("0102"))],
  ["port unreachable", icmp(3, 3, 0, new Uint8Array(28))],
  ["redirect", icmp(5, 1, 0x0a000203, new Uint8Array(28))],
  ["a timestamp request", icmp(13, 0, 1, new Uint8Array(12))],
  ["an address mask request", icmp(17, 0, 1, new Uint8Array(4))],
  ["a message without the second word", icmp(8, 0, 0, hex("")).slice(0, 7)],
];
for (const [why, message] of silent)
  test(`does not answer ${why}`, async () => {
    expect((await started()).receive(asked(message))).toEqual([]);
  });

test("says that nobody listens on a port, quoting 28 bytes", async () => {
  const host = await started();
  const sent = ethernet(
    theirs,
    ours,
    0x0800,
    ipv4({ from, to, protocol: 17 }, udp({ from: 4000, to: 5000, addresses: [from, to] }, hex("0102030405"))),
  );
  const [error] = host.receive(sent);
  expect(payloadOf(error!)).toEqual(icmp(3, 3, 0, sent.slice(14, 42)));
});

test("a flood of echo requests gets two hundred answers at once and a thousand a second after", async () => {
  const host = await started();
  const count = (times: number) => {
    let answers = 0;
    for (let n = 0; n < times; n++) answers += host.receive(asked(ping(hex("00")))).length;
    return answers;
  };
  expect(count(300)).toBe(200);
  host.pass(100);
  expect(count(300)).toBe(100);
  host.now += 500_000n;
  expect(count(10)).toBe(0);
  host.now += 500_000n;
  expect(count(10)).toBe(1);
  host.pass(10_000);
  expect(count(300)).toBe(200);
});

test("a flood at closed ports gets twenty errors at once and a hundred a second after", async () => {
  const host = await started();
  const knock = ethernet(
    theirs,
    ours,
    0x0800,
    ipv4({ from, to, protocol: 17 }, udp({ from: 4000, to: 5000, addresses: [from, to] }, hex("01"))),
  );
  const count = (times: number) => {
    let answers = 0;
    for (let n = 0; n < times; n++) answers += host.receive(knock).length;
    return answers;
  };
  expect(count(50)).toBe(20);
  host.pass(100);
  expect(count(50)).toBe(10);
});
