import { expect, test } from "vitest";
import { arp, ethernet, hex } from "#simulate";
import { mac as macNumber, type SentFrame, SimulatedHost } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const everybody = "ff:ff:ff:ff:ff:ff";
const nic = { address: "10.0.2.15/24", gateway: "10.0.2.2", mac: ours };

const request = (sender: string, target: string, senderMac = theirs) =>
  ethernet(senderMac, everybody, 0x0806, arp({ operation: 1, senderMac, sender, target }));
const reply = (sender: string, senderMac = theirs) =>
  ethernet(
    senderMac,
    ours,
    0x0806,
    arp({ operation: 2, senderMac, sender, targetMac: ours, target: "10.0.2.15" }),
  );

async function started(nics = [nic]): Promise<SimulatedHost> {
  const host = await SimulatedHost.make(nics);
  host.start();
  host.pass(3000);
  host.console();
  return host;
}

const frames = (sent: readonly SentFrame[]) => sent.map((frame) => frame.bytes);
const datagramsTo = (sent: readonly SentFrame[]) =>
  sent
    .filter(({ bytes }) => bytes[12] === 8 && bytes[13] === 0)
    .map(({ bytes }) => Buffer.from(bytes.slice(0, 6)).toString("hex"));

test("probes its address, announces it at once and again after two seconds", async () => {
  const host = await SimulatedHost.make([nic]);
  const announcement = ethernet(
    ours,
    everybody,
    0x0806,
    arp({ operation: 1, senderMac: ours, sender: "10.0.2.15", target: "10.0.2.15" }),
  );
  expect(frames(host.start())).toEqual([
    ethernet(
      ours,
      everybody,
      0x0806,
      arp({ operation: 1, senderMac: ours, sender: "0.0.0.0", target: "10.0.2.15" }),
    ),
    announcement,
  ]);
  expect(host.pass(1999)).toEqual([]);
  expect(frames(host.pass(1))).toEqual([announcement]);
  expect(host.console()).toBe("eth0: 10.0.2.15 52:54:00:12:34:56\r\n");
});

test("sleeps for ever when nothing is to be done", async () => {
  const host = await started();
  expect(host.deadline()).toBe(2n ** 64n - 1n);
});

test("answers a request for its address, to the one who asked", async () => {
  const host = await started();
  const answer = (target: string) =>
    ethernet(
      ours,
      theirs,
      0x0806,
      arp({ operation: 2, senderMac: ours, sender: "10.0.2.15", targetMac: theirs, target }),
    );
  expect(frames(host.receive(request("10.0.2.2", "10.0.2.15")))).toEqual([answer("10.0.2.2")]);
  // RFC 5227 1.1: a probe has no sender address.
  expect(frames(host.receive(request("0.0.0.0", "10.0.2.15")))).toEqual([answer("0.0.0.0")]);
});

const silent: [why: string, frame: Uint8Array][] = [
  ["another address", request("10.0.2.2", "10.0.2.16")],
  ["a reply", reply("10.0.2.2")],
  ["an announcement", request("10.0.2.2", "10.0.2.2")],
  [
    "other hardware",
    ethernet(
      theirs,
      everybody,
      0x0806,
      hex("0006 0800 06 04 0001 020000000002 0a000202 000000000000 0a00020f"),
    ),
  ],
  [
    "another protocol",
    ethernet(
      theirs,
      everybody,
      0x0806,
      hex("0001 86dd 06 04 0001 020000000002 0a000202 000000000000 0a00020f"),
    ),
  ],
  [
    "other lengths",
    ethernet(
      theirs,
      everybody,
      0x0806,
      hex("0001 0800 08 04 0001 020000000002 0a000202 000000000000 0a00020f"),
    ),
  ],
  [
    "an unknown operation",
    ethernet(
      theirs,
      everybody,
      0x0806,
      hex("0001 0800 06 04 0003 020000000002 0a000202 000000000000 0a00020f"),
    ),
  ],
  ["a short packet", request("10.0.2.2", "10.0.2.15").slice(0, 41)],
  ["a group as sender", request("10.0.2.2", "10.0.2.15", "03:00:00:00:00:02")],
  ["our own request coming back", request("10.0.2.2", "10.0.2.15", ours)],
];
for (const [why, frame] of silent)
  test(`does not answer ${why}`, async () => {
    expect((await started()).receive(frame)).toEqual([]);
  });

test("asks for a neighbour, keeps one packet for it, and sends that when the answer comes", async () => {
  const host = await started();
  const send = (count: number) => host.as.exports["sendFrom"](1000, 0n, 0x0a000202n, 53, count);
  expect(send(10)).toBe(1);
  expect(frames(host.turn())).toEqual([request("10.0.2.15", "10.0.2.2", ours)]);
  expect(send(20)).toBe(1);
  // Nothing new is asked within a second, and the first packet gives way.
  expect(host.turn()).toEqual([]);
  expect(host.as.exports["held"]()).toBe(1);
  const [sent] = host.receive(reply("10.0.2.2"));
  expect(sent?.bytes.length).toBe(14 + 20 + 8 + 20);
  expect(datagramsTo([sent!])).toEqual(["020000000002"]);
  expect(send(30)).toBe(1);
  expect(datagramsTo(host.turn())).toEqual(["020000000002"]);
});

test("asks three times in all, a second apart, then forgets the packet", async () => {
  const host = await started();
  host.as.exports["sendFrom"](1000, 0n, 0x0a000202n, 53, 10);
  expect(host.turn().length).toBe(1);
  expect(host.pass(999)).toEqual([]);
  expect(host.pass(1).length).toBe(1);
  expect(host.pass(1000).length).toBe(1);
  expect(host.as.exports["held"]()).toBe(1);
  expect(host.pass(60_000)).toEqual([]);
  expect(host.as.exports["held"]()).toBe(0);
  expect(host.deadline()).toBe(2n ** 64n - 1n);
});

test("asks anew when what it knows is older than a minute", async () => {
  const host = await started();
  host.receive(request("10.0.2.2", "10.0.2.15"));
  const send = () => host.as.exports["sendFrom"](1000, 0n, 0x0a000202n, 53, 10);
  host.pass(59_999);
  send();
  expect(datagramsTo(host.turn())).toEqual(["020000000002"]);
  host.pass(1);
  send();
  expect(frames(host.turn())).toEqual([request("10.0.2.15", "10.0.2.2", ours)]);
});

test("packets for other networks go to the gateway; without one they go nowhere", async () => {
  const host = await started();
  host.receive(request("10.0.2.2", "10.0.2.15"));
  host.as.exports["sendFrom"](1000, 0n, 0xc0000201n, 53, 10);
  expect(datagramsTo(host.turn())).toEqual(["020000000002"]);
  const alone = await started([{ address: "10.0.2.15/24", mac: ours, gateway: "0.0.0.0" }]);
  expect(alone.as.exports["sendFrom"](1000, 0n, 0xc0000201n, 53, 10)).toBe(0);
});

test("with two interfaces a packet takes the one with the longest prefix", async () => {
  const host = await started([
    { address: "10.0.0.1/8", gateway: "10.0.0.2", mac: ours },
    { address: "10.0.2.15/24", gateway: "0.0.0.0", mac: "52:54:00:00:00:02" },
  ]);
  const ways: [to: number, link: number][] = [
    [0x0a000207, 1],
    [0x0a010101, 0],
    [0xc0000201, 0],
  ];
  for (const [to, link] of ways) {
    host.as.exports["sendFrom"](1000, 0n, BigInt(to), 53, 1);
    expect(host.turn().map((frame) => frame.link)).toEqual([link]);
    host.pass(5000);
  }
});

test("reports an address conflict and defends the address at most every ten seconds", async () => {
  const host = await started();
  const conflict = request("10.0.2.15", "10.0.2.15");
  const defence = host.receive(conflict);
  expect(frames(defence)).toEqual([
    ethernet(
      ours,
      everybody,
      0x0806,
      arp({ operation: 1, senderMac: ours, sender: "10.0.2.15", target: "10.0.2.15" }),
    ),
  ]);
  expect(host.console()).toBe("net: address conflict: 02:00:00:00:00:02 also uses 10.0.2.15\r\n");
  host.pass(9999);
  expect(host.receive(conflict)).toEqual([]);
  host.pass(1);
  expect(host.receive(conflict).length).toBe(1);
});

test("a flood of neighbours pushes out only what hashes alike", async () => {
  const host = await started([{ ...nic, address: "10.0.2.15/8" }]);
  host.receive(request("10.0.2.2", "10.0.2.15"));
  for (let n = 0; n < 200; n++) host.receive(request(`10.1.${n}.1`, "10.0.2.15"));
  host.as.exports["sendFrom"](1000, 0n, 0x0a01c701n, 53, 10);
  expect(datagramsTo(host.turn())).toEqual(["020000000002"]);
  expect(host.as.memory.buffer.byteLength).toBeLessThan(2 ** 21);
  expect(macNumber(ours)).toBe(0x525400123456n);
});
