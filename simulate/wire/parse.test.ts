import fc from "fast-check";
import { expect, test } from "vitest";
import {
  arp,
  describeFrame,
  dnsQuestion,
  ethernet,
  hasGoodChecksum,
  hex,
  icmp,
  ipv4,
  parseEthernet,
  parseIpv4,
  parseTcp,
  parseUdp,
  readDnsAnswer,
  tcp,
  tcpFlag,
  udp,
} from "#simulate";

const [A, B] = ["02:00:00:00:00:01", "02:00:00:00:00:02"] as const;
const [from, to] = ["10.0.2.2", "10.0.2.15"] as const;
const addresses = [from, to] as const;
const packet = (protocol: number, payload: Uint8Array) =>
  ethernet(A, B, 0x0800, ipv4({ from, to, protocol }, payload));
const segment = tcp(
  {
    from: 4000,
    to: 80,
    addresses,
    sequence: 0xfffffff0,
    acknowledgement: 7,
    flags: tcpFlag.ack | tcpFlag.psh,
    options: hex("0101080a0000000100000002"),
  },
  new Uint8Array(32),
);
const samples: readonly (readonly [string, Uint8Array])[] = [
  [
    "10.0.2.2:4000 > 10.0.2.15:53 UDP 5 bytes",
    packet(17, udp({ from: 4000, to: 53, addresses }, new Uint8Array(5))),
  ],
  ["10.0.2.2:4000 > 10.0.2.15:80 TCP [P.] 4294967280:16 ack 7 win 65535, 32 bytes", packet(6, segment)],
  ["10.0.2.2 > 10.0.2.15 echo request 3, 8 bytes", packet(1, icmp(8, 0, 0x10003, new Uint8Array(8)))],
  [
    "ARP who has 10.0.2.15, tell 10.0.2.2",
    ethernet(A, B, 0x0806, arp({ operation: 1, senderMac: A, sender: from, target: to })),
  ],
  [
    "10.0.2.2 > 10.0.2.15 fragment 9 bytes 8-24, the last",
    ethernet(
      A,
      B,
      0x0800,
      ipv4({ from, to, protocol: 17, identification: 9, offset: 8 }, new Uint8Array(16)),
    ),
  ],
];

test.each(samples)("%s", (line, frame) => {
  expect(describeFrame(frame)).toBe(line);
});

test("what was built is read back", () => {
  const read = parseTcp(parseIpv4(parseEthernet(packet(6, segment))!.payload)!)!;
  expect(read).toMatchObject({ from: 4000, to: 80, sequence: 0xfffffff0, acknowledgement: 7, flags: 24 });
  expect(read.options.length).toBe(12);
  const bad = packet(17, udp({ from: 1, to: 2, addresses, checksum: 1 }, new Uint8Array(3)));
  expect(parseUdp(parseIpv4(bad.subarray(14))!)).toBeUndefined();
  expect([hasGoodChecksum(bad), hasGoodChecksum(packet(6, segment))]).toEqual([false, true]);
});

test("nothing that is garbled makes a parser fail, and what it reads is inside of the frame", () => {
  const change = fc.record({ at: fc.nat(200), value: fc.nat(255) });
  fc.assert(
    fc.property(
      fc.constantFrom(...samples.map(([, frame]) => frame)),
      fc.array(change),
      fc.nat(120),
      (frame, changes, cut) => {
        const copy = frame.slice(0, Math.max(0, frame.length - Math.max(0, cut - 60)));
        for (const { at, value } of changes) if (at < copy.length) copy[at] = value;
        expect(describeFrame(copy)).toMatch(/./);
        hasGoodChecksum(copy);
      },
    ),
    { numRuns: 5000, seed: 1 },
  );
});

test("answers of name servers, garbled, are undefined or strings, and reading them ends", () => {
  const answer = hex(
    "1234 8180 0001 0002 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001 c00c 0005 0001 0000012c 0002 c010 c010 0001 0001 0000012c 0004 c0000250",
  );
  expect(readDnsAnswer(answer)).toEqual({
    id: 0x1234,
    rcode: "NOERROR",
    truncated: false,
    records: ["www.example.com. 300 CNAME example.com.", "example.com. 300 A 192.0.2.80"],
  });
  expect(readDnsAnswer(dnsQuestion("a.example", "a", 1)!)).toBeUndefined();
  const change = fc.record({ at: fc.nat(answer.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change), fc.nat(answer.length), (changes, length) => {
      const copy = answer.slice(0, length);
      for (const { at, value } of changes) if (at < copy.length) copy[at] = value;
      readDnsAnswer(copy);
    }),
    { numRuns: 5000, seed: 1 },
  );
});

test.each(["", "a..b", `${"x".repeat(64)}.org`, "x.".repeat(128)])(
  "no question for the name `%s`",
  (name) => {
    expect(dnsQuestion(name, "A", 1) === undefined).toBe(name !== "");
  },
);
