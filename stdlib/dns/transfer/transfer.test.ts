/** RFC 5936, 1995, 1996: zones for other servers, and who gets them. */
import { beforeAll, expect, test } from "vitest";
import {
  copyOver,
  type DnsInstance,
  dnsInstance,
  framed,
  message,
  oracleZones,
  readMessage,
  recordsOf,
  startNsd,
  unframed,
  wireName,
} from "#tools/dns-oracle/index";

const AXFR = 252;
const IXFR = 251;
const secondary = 0x0a000202;
const other = 0x0a000203;
const code = { noerror: 0, refused: 5, notauth: 9, notimp: 4, formerr: 1 };

const many = Array.from({ length: 3000 }, (_, n) => `h${n} A 10.0.${n >> 8}.${n & 255}`);
const large = Array.from({ length: 1200 }, (_, n) => `@ TXT "${n} ${"x".repeat(30)}"`);
const text = ["$TTL 3600", "@ SOA ns hostmaster 41 7200 900 1209600 300", "@ NS ns", "ns A 10.0.0.1"];
const zones = [
  ...oracleZones(),
  { name: "wide.test", text: Buffer.from([...text, ...large, ...many, ""].join("\n")) },
];
const big = zones.length - 1;
const transfers = Object.fromEntries(zones.map((_, n) => [n, { to: secondary }]));

let dns: DnsInstance;
beforeAll(async () => {
  dns = await dnsInstance(zones, { transfers: { ...transfers } });
});

const nameOf = (zone: string) => wireName(zone === "root" ? "." : `${zone}.`);
const axfr = (zone: string) => message(nameOf(zone), AXFR, {});
function ixfr(zone: string, serial: number): Uint8Array {
  const question = message(nameOf(zone), IXFR, {});
  const numbers = [serial, 1, 1, 1, 1].flatMap((n) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]);
  const record = [0xc0, 12, 0, 6, 0, 1, 0, 0, 0, 0, 0, 22, 0, 0, ...numbers];
  return Uint8Array.from([...question, ...record]).with(9, 1);
}
function copied(question: Uint8Array, from = secondary): Uint8Array[] {
  dns.stream.open(from);
  const messages = unframed(dns.stream.arrive(framed(question)));
  dns.stream.end();
  return messages;
}
const only = (messages: readonly Uint8Array[]) => readMessage(messages[0]!);

test("every zone that NSD reads is copied as NSD gives it, to the last record", async () => {
  const nsd = await startNsd(zones, { minimal: true, copied: true });
  try {
    for (const { name } of zones) {
      const theirs = recordsOf(await copyOver(nsd.port, axfr(name)));
      const ours = recordsOf(copied(axfr(name)));
      expect(ours[0], name).toBe(theirs[0]);
      expect(ours.at(-1)).toBe(ours[0]);
      expect(ours.toSorted(), name).toEqual(theirs.toSorted());
    }
  } finally {
    await nsd.stop();
  }
}, 60_000);

test("a zone of many records comes in messages of 16 KB; a set that is longer has one of its own", () => {
  const sizes = copied(axfr("wide.test")).map(({ length }) => length);
  expect(sizes.filter((size) => size > 16_400).length).toBe(1);
  expect(Math.max(...sizes)).toBeGreaterThan(50_000);
  expect(sizes.length).toBeLessThan(9);
});

test("it goes on as there is room, and the next question waits", () => {
  const expected = Buffer.concat([
    ...copied(axfr("wide.test")),
    ...copied(message(nameOf("wide.test"), 2, {})),
  ]);
  dns.stream.open(secondary);
  dns.stream.allow(3);
  const got = [dns.stream.arrive(framed(axfr("wide.test")), framed(message(nameOf("wide.test"), 2, {})))];
  for (let n = 0; n < 200; n++) got.push(dns.stream.room(2, 1000));
  expect(Buffer.concat(unframed(Buffer.concat(got))).equals(expected)).toBe(true);
  dns.stream.end();
});

test("one connection has no more than its share on its way", () => {
  dns.stream.open(secondary);
  dns.stream.allow(0);
  dns.stream.arrive(framed(axfr("wide.test")));
  expect(dns.stream.room(1000, 40_000).length).toBe(0);
  expect(dns.stream.room(1000, 1000).length).toBeGreaterThan(0);
  dns.stream.end();
});

test("nobody else may copy it: REFUSED; what is no zone of ours: NOTAUTH", () => {
  expect(only(copied(axfr("wide.test"), other))).toMatchObject({ rcode: code.refused, answer: [] });
  expect(only(copied(axfr("ns.wide.test")))).toMatchObject({ rcode: code.notauth, answer: [] });
  expect(only(copied(axfr("elsewhere.test")))).toMatchObject({ rcode: code.notauth, answer: [] });
});

test("IXFR: the SOA for who has this version or a later one, else all of the zone (RFC 1995 4)", () => {
  expect(recordsOf(copied(ixfr("wide.test", 41))).length).toBe(1);
  expect(recordsOf(copied(ixfr("wide.test", 42))).length).toBe(1);
  expect(recordsOf(copied(ixfr("wide.test", 40)))).toEqual(recordsOf(copied(axfr("wide.test"))));
  expect(recordsOf(copied(ixfr("wide.test", 41 + 2 ** 31 + 1))).length).toBeGreaterThan(3000);
  expect(only(copied(message(nameOf("wide.test"), IXFR, {}))).rcode).toBe(code.formerr);
});

test("over UDP, IXFR gets the SOA and AXFR nothing", () => {
  dns.askFrom(secondary);
  expect(recordsOf([dns.ask(ixfr("wide.test", 1))!]).length).toBe(1);
  expect(readMessage(dns.ask(axfr("wide.test"))!).rcode).toBe(code.notimp);
  dns.askFrom(other);
  expect(readMessage(dns.ask(ixfr("wide.test", 1))!).rcode).toBe(code.refused);
});

test("who may ask is a matter of each zone; who may copy it may ask", async () => {
  const both = { [big]: { to: secondary } };
  const restricted = await dnsInstance(zones, {
    transfers: both,
    access: { [big]: { network: 0x0a090000, length: 16 } },
  });
  const ask = (from: number, name: string) => {
    restricted.askFrom(from);
    return readMessage(restricted.ask(message(wireName(name), 1, {}))!).rcode;
  };
  expect(ask(0x0a090001, "ns.wide.test.")).toBe(code.noerror);
  expect(ask(secondary, "ns.wide.test.")).toBe(code.noerror);
  expect(ask(0x0a0a0001, "ns.wide.test.")).toBe(code.refused);
  expect(ask(0x0a0a0001, "nothing.wide.test.")).toBe(code.refused);
});

test("a network that asks too much is told to come by TCP, or nothing; others are not concerned", async () => {
  const limited = await dnsInstance(zones, { rate: 10 });
  const question = message(wireName("ns.wide.test."), 1, {});
  const ask = (from: number) => limited.askLimited(question, from);
  const first = Array.from({ length: 10 }, (_, n) => ask(0x0a000000 + n));
  expect(first.every((reply) => readMessage(reply!).answer.length === 1)).toBe(true);
  const more = Array.from({ length: 10 }, () => ask(0x0a0000ff));
  expect(more.filter((reply) => reply === null).length).toBe(5);
  for (const reply of more.filter((each) => each !== null))
    expect(readMessage(reply)).toMatchObject({ flags: 0x8600, answer: [], authority: [] });
  expect(readMessage(ask(0x0a000100)!).answer.length).toBe(1);
  limited.stream.time(0.1);
  expect(readMessage(ask(0x0a000001)!).answer.length).toBe(1);
  expect(limited.askLimited(question, 0x0a000001)?.[2] ?? 0x86).toBe(0x86);
});

test("RFC 1996: the server is told of a zone, again and again until it answers", async () => {
  const telling = await dnsInstance(zones, { transfers: { [big]: { to: secondary } } });
  telling.stream.time(0);
  const notice = telling.sent()!;
  const read = readMessage(notice);
  expect([read.flags, read.answer.map(({ type }) => type)]).toEqual([0x2400, [6]]);
  expect(read.question[0]).toContain("wide.test");
  const at: number[] = [];
  for (let seconds = 1; seconds < 1000; seconds++) {
    telling.stream.time(seconds);
    if (telling.sent() !== null) at.push(seconds);
  }
  expect(at).toEqual([1, 3, 7, 15, 31, 63, 127]);
  const answered = await dnsInstance(zones, { transfers: { [big]: { to: secondary } } });
  answered.stream.time(0);
  const told = answered.sent()!;
  answered.askFrom(other);
  answered.ask(told.with(2, 0xa4));
  answered.stream.time(1);
  expect(answered.sent()).not.toBeNull();
  answered.askFrom(secondary);
  answered.stream.time(3);
  answered.ask(answered.sent()!.with(2, 0xa4));
  answered.stream.time(100);
  expect(answered.sent()).toBeNull();
});
