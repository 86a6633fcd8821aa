/** A booted image on a cable of the test's own: fragments, long answers, broken packets, and what tcpdump says of all of it. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arp, captureOf, concat, ethernet, icmp, ipv4, udp } from "#simulate";
import { chance, inOrder, message, readMessage, wireName } from "#tools/dns-oracle/index";
import { imageOf, temporaryFolder } from "./appliance.ts";
import { datagrams, GUEST, GUEST_IP, isFromGuest, PEER, PEER_IP, Wire } from "./wire.ts";

let wire: Wire;
beforeAll(async () => {
  wire = await Wire.to(await imageOf("test/wide.appl", "kvm"));
});
afterAll(() => wire?.stop());

const TXT = 16;
const TC = 0x0200;
const question = (name: string, size?: number, options?: readonly number[]) =>
  message(
    wireName(`${name}.example.com.`),
    TXT,
    size === undefined ? {} : { edns: { size, ...(options && { options }) } },
  );
const bytes = (size: number) => Uint8Array.from({ length: size }, (_, n) => n * 7 + (n >> 8));

async function echoes(size: number, step?: number, order?: (parts: Uint8Array[]) => Uint8Array[]) {
  const echo = icmp(8, 0, (size << 16) | 1, bytes(size));
  const options = { identification: size, ...(step && { step }), ...(order && { order }) };
  const answer = await wire.ask(
    1,
    () => wire.sendIp(1, echo, options),
    (payload) => payload[0] === 0 && payload[4] === echo[4] && payload[5] === echo[5],
  );
  expect(answer.payload).toEqual(icmp(0, 0, (size << 16) | 1, bytes(size)));
  expect(answer.longest).toBeLessThanOrEqual(1514);
  return answer.frames;
}

/** What it asks everybody: who has its own address. From nobody it is a probe, from itself an announcement. */
const request = (sender: string) =>
  ethernet(
    GUEST,
    "ff:ff:ff:ff:ff:ff",
    0x0806,
    arp({ operation: 1, senderMac: GUEST, sender, target: GUEST_IP }),
  );

test("it is found by its address, and by no other", async () => {
  const who = (target: string) =>
    wire.send(
      ethernet(
        PEER,
        "ff:ff:ff:ff:ff:ff",
        0x0806,
        arp({ operation: 1, senderMac: PEER, sender: PEER_IP, target }),
      ),
    );
  const before = wire.received.length;
  await who("10.0.2.16");
  await who(GUEST_IP);
  await echoes(10);
  const replies = wire.received.slice(before).filter((frame) => frame[13] === 6 && frame[21] === 2);
  expect(replies).toEqual([
    ethernet(
      GUEST,
      PEER,
      0x0806,
      arp({ operation: 2, senderMac: GUEST, sender: GUEST_IP, targetMac: PEER, target: PEER_IP }),
    ),
  ]);
});

test("somebody else with its address is told, and named on the console (RFC 5227 2.4 c)", async () => {
  const other = "02:00:00:00:00:09";
  const before = wire.received.length;
  const claim = arp({ operation: 1, senderMac: other, sender: GUEST_IP, target: GUEST_IP });
  await wire.send(ethernet(other, "ff:ff:ff:ff:ff:ff", 0x0806, claim));
  await wire.qemu.waitFor(other);
  await echoes(11);
  expect(wire.received.slice(before)).toContainEqual(request(GUEST_IP));
});

test.each([0, 1, 56, 1471, 1472])("an echo of %i bytes comes back in one packet", async (size) => {
  expect(await echoes(size)).toBe(1);
});

test.each([
  ["in order", (parts: Uint8Array[]) => parts],
  ["backwards", (parts: Uint8Array[]) => parts.toReversed()],
  ["each twice", (parts: Uint8Array[]) => parts.flatMap((part) => [part, part])],
])("an echo in fragments that come %s comes back in fragments", async (_, order) => {
  expect(await echoes(3000, 1480, order)).toBe(3);
  expect(await echoes(3001, 128, order)).toBe(3);
  expect(await echoes(8000, 1000, order)).toBe(6);
});

test("a question in fragments is answered", async () => {
  const padding = [0, 12, 1500 >> 8, 1500 & 255, ...bytes(1500)];
  const answer = await wire.askDns(question("ns1", 1232, padding), { step: 512, identification: 7 });
  expect(readMessage(answer.payload).rcode).toBe(0);
});

test.each([
  // Asked for, with EDNS of so many bytes; frames, TC, and records of the answer.
  ["some", undefined, 1, true, 0],
  ["some", 512, 1, true, 0],
  ["some", 1232, 1, false, 10],
  ["many", 1232, 1, true, 0],
  ["many", 4096, 3, false, 40],
  ["many", 65535, 3, false, 40],
  ["large", 65535, 1, true, 0],
] as const)(
  "the answer to %s.example.com TXT with room for %s bytes",
  async (name, size, frames, truncated, records) => {
    const answer = await wire.askDns(question(name, size));
    const reply = readMessage(answer.payload);
    expect((reply.flags & TC) !== 0).toBe(truncated);
    expect(inOrder(reply.answer)).toHaveLength(records);
    expect(answer.frames).toBe(frames);
    expect(answer.longest).toBeLessThanOrEqual(1514);
    expect(answer.payload.length).toBeLessThanOrEqual(Math.min(size ?? 512, 4096));
  },
);

test("a hop count of one is enough, as nothing is forwarded", async () => {
  const answer = await wire.askDns(question("ns1"), { ttl: 1 });
  expect(readMessage(answer.payload).rcode).toBe(0);
});

test("a port without a service is reported, with the datagram that went there", async () => {
  const datagram = udp({ from: 40000, to: 9, addresses: [PEER_IP, GUEST_IP] }, bytes(30));
  const error = await wire.ask(
    1,
    () => wire.sendIp(17, datagram),
    (payload) => payload[0] === 3,
  );
  expect(error.payload[1]).toBe(3);
  expect(error.payload.subarray(28, 36)).toEqual(datagram.subarray(0, 8));
});

/** What tcpdump prints of frames. */
async function tcpdump(frames: readonly Uint8Array[]): Promise<string> {
  const path = join(temporaryFolder(), "frames.pcap");
  writeFileSync(path, captureOf(frames));
  // A program of the system that drops its privileges: told not to.
  const { stdout } = await promisify(execFile)("tcpdump", ["-Z", "root", "-vv", "-n", "-r", path], {
    maxBuffer: 1 << 26,
  });
  return stdout;
}
const WRONG_SUM = /bad (udp |)cksum|wrong|incorrect/i;
const WRONG = /bad (udp |)cksum|wrong|incorrect|invalid|malformed|truncated|\[\||bad-/i;

test("tcpdump finds every checksum right and nothing malformed in all that was sent until here", async () => {
  const sent = wire.frames.filter(isFromGuest);
  const isFragment = (frame: Uint8Array) => frame[12] === 8 && frame[13] === 0 && (frame[20]! & 0x3f) !== 0;
  // tcpdump does not put fragments together: it gets the whole datagrams as well, which a cable could not carry.
  const whole = datagrams(sent.filter(isFragment)).map(({ from, protocol, payload }) =>
    ethernet(GUEST, PEER, 0x0800, ipv4({ from, to: PEER_IP, protocol }, payload)),
  );
  expect(whole.length).toBeGreaterThan(5);
  const text = await tcpdump([...sent.filter((frame) => !isFragment(frame)), ...whole]);
  expect(text).toContain("[udp sum ok]");
  expect(text).toMatch(/ICMP echo reply/);
  expect(text.split("\n").filter((line) => WRONG.test(line))).toEqual([]);
  const fragments = await tcpdump(sent.filter(isFragment));
  expect(fragments.split("\n").filter((line) => WRONG_SUM.test(line))).toEqual([]);
});

test("tcpdump would have found a wrong one", async () => {
  const answer = wire.frames.find(
    (frame) => isFromGuest(frame) && frame[23] === 17 && (frame[20]! & 0x3f) === 0,
  )!;
  const broken = Uint8Array.from(answer);
  broken[broken.length - 1]! ^= 1;
  expect(await tcpdump([broken])).toMatch(WRONG);
});

/** Good packets of every kind, to be broken. */
function seeds(): Uint8Array[] {
  const packet = (protocol: number, payload: Uint8Array, more = {}) =>
    ethernet(PEER, GUEST, 0x0800, ipv4({ from: PEER_IP, to: GUEST_IP, protocol, ...more }, payload));
  const dns = udp({ from: 40000, to: 53, addresses: [PEER_IP, GUEST_IP] }, question("www", 1232));
  // Without a checksum the server sees what was broken behind the header.
  const unchecked = udp(
    { from: 40000, to: 53, addresses: [PEER_IP, GUEST_IP], checksum: 0 },
    question("www", 1232),
  );
  return [
    packet(17, dns),
    packet(17, unchecked),
    packet(17, unchecked, { options: Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0) }),
    packet(17, unchecked, { moreFragments: true, identification: 99 }),
    packet(17, unchecked, { offset: 32, identification: 99 }),
    packet(1, icmp(8, 0, 1, bytes(60))),
    packet(1, icmp(3, 3, 0, bytes(28))),
    packet(6, bytes(20)),
    ethernet(PEER, GUEST, 0x0806, arp({ operation: 1, senderMac: PEER, sender: PEER_IP, target: GUEST_IP })),
    ethernet(PEER, GUEST, 0x86dd, bytes(60)),
  ];
}

/** Some bytes changed, the end cut off, or something behind it. The peer's own address stays. */
function broken(frame: Uint8Array, next: (limit: number) => number): Uint8Array {
  const from = frame[23] === 17 && next(2) === 0 ? 34 + next(8) : 12;
  const out = Uint8Array.from(frame);
  for (let changes = next(4); changes >= 0; changes--) out[from + next(out.length - from)] = next(256);
  const way = next(4);
  if (way === 0) return out.subarray(0, 14 + next(out.length - 14));
  if (way === 1) return concat(out, bytes(next(1400)));
  return out;
}

test("as it starts it probes its address and announces it, and once more after two seconds (RFC 5227)", async () => {
  const asked = () => wire.received.filter((frame) => frame[13] === 6 && frame[21] === 1);
  for (let patience = 0; patience < 50 && asked().length < 4; patience++) await sleep(100);
  // The third one answers the claim above.
  const announcement = request(GUEST_IP);
  expect(asked()).toEqual([request("0.0.0.0"), announcement, announcement, announcement]);
});

test("ten thousand broken packets make it neither stop nor send more than it gets, and then it answers", async () => {
  const next = chance(20261121);
  const good = seeds();
  const [before, sent] = [wire.received.length, wire.frames.length];
  for (let n = 0; n < 10_000; n++) {
    await wire.send(broken(good[next(good.length)]!, next));
    // Once in a while all of it must have been taken: nothing is to be lost because it came too fast.
    if (n % 500 === 499) await echoes(100 + n / 500);
  }
  const answer = await wire.askDns(question("some", 1232));
  expect(readMessage(answer.payload).answer).toHaveLength(10);
  expect(wire.qemu.text).not.toMatch(/restart|stopped/);
  const size = (frames: readonly Uint8Array[]) => frames.reduce((sum, frame) => sum + frame.length, 0);
  const received = wire.received.slice(before);
  expect(size(received)).toBeLessThan(size(wire.frames.slice(sent)) - size(received));
  expect(datagrams(received).length).toBeGreaterThan(500);
});

test("nothing that broken packets make it send is wrong", async () => {
  const text = await tcpdump(wire.received.filter((frame) => frame[12] === 8 && frame[13] === 0));
  const sums = text.split("\n").filter((line) => WRONG_SUM.test(line));
  expect(sums).toEqual([]);
});
