/** Classic attacks and errors: what is sent to an appliance with a site and a zone, and the most that it may say to that. Run by `attacks.test.ts`. */
import { concat, dhcp, fragment6, hex, icmp, ipv4, ipv6, udp } from "#simulate";

import {
  ARP_CLAIM,
  ack,
  attacker,
  BAD,
  BAD6,
  datagram,
  EVERYBODY,
  fin,
  icmp6Of,
  LINK,
  MAC,
  psh,
  question,
  quoted,
  repeated,
  rst,
  SOMEBODY,
  segment,
  send4,
  send6,
  sendTcp,
  syn,
  urg,
  V4,
  V6,
  zeros,
} from "./attacker.ts";

/** Name, what is sent, and what comes back: kinds with how many, or the most that may come. */
export const rows: [string, () => void, Record<string, number>][] = [
  // IPv4 and ICMP
  [
    "land: a SYN from the appliance to itself",
    () => send4(segment({ from: 80 }, undefined, V4), { from: V4, protocol: 6 }),
    {},
  ],
  [
    "land over UDP: a question from port 53 of itself",
    () => send4(datagram(question, V4), { from: V4, protocol: 17 }),
    {},
  ],
  [
    "teardrop: the second fragment lies within the first",
    () => {
      send4(zeros(40), { protocol: 17, identification: 7, moreFragments: true });
      send4(zeros(4), { protocol: 17, identification: 7, offset: 24 });
    },
    {},
  ],
  [
    "fragments that overlap with other content",
    () => {
      const whole = datagram(concat(question, zeros(40)));
      send4(whole.subarray(0, 48), { protocol: 17, identification: 8, moreFragments: true });
      send4(zeros(24), { protocol: 17, identification: 8, offset: 40, moreFragments: true });
      send4(whole.subarray(64), { protocol: 17, identification: 8, offset: 64 });
    },
    {},
  ],
  [
    "ping of death: fragments of more than 65,535 bytes",
    () => {
      for (const offset of [0, 32_768, 65_512])
        send4(zeros(1400), { protocol: 1, identification: 9, offset, moreFragments: offset < 65_000 });
    },
    {},
  ],
  [
    "tiny fragments: a SYN in pieces of 8 bytes is one SYN",
    () => {
      const whole = segment({ from: 4100 });
      for (let at = 0; at < whole.length; at += 8)
        send4(whole.subarray(at, at + 8), {
          protocol: 6,
          identification: 10,
          offset: at,
          moreFragments: at + 8 < whole.length,
        });
    },
    { "tcp SA": 1 },
  ],
  [
    "five hundred first fragments, and nothing behind them",
    () => repeated(2000, (n) => send4(zeros(64), { protocol: 17, identification: n, moreFragments: true })),
    {},
  ],
  [
    "smurf: an echo request to all of the network",
    () => send4(icmp(8, 0, 1, zeros(8)), { to: "10.0.255.255", protocol: 1 }, EVERYBODY),
    {},
  ],
  [
    "an echo request to everybody",
    () => send4(icmp(8, 0, 1, zeros(8)), { to: "255.255.255.255", protocol: 1 }, EVERYBODY),
    {},
  ],
  [
    "an echo request in a frame for everybody",
    () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1 }, EVERYBODY),
    {},
  ],
  [
    "an echo request from all of the network",
    () => send4(icmp(8, 0, 1, zeros(8)), { from: "10.0.255.255", protocol: 1 }),
    {},
  ],
  [
    "an echo request from a group",
    () => send4(icmp(8, 0, 1, zeros(8)), { from: "224.0.0.1", protocol: 1 }),
    {},
  ],
  [
    "an echo request from 127.0.0.1",
    () => send4(icmp(8, 0, 1, zeros(8)), { from: "127.0.0.1", protocol: 1 }),
    {},
  ],
  [
    "fraggle: a question to all of the network",
    () => send4(datagram(question, BAD, "10.0.255.255"), { to: "10.0.255.255", protocol: 17 }, EVERYBODY),
    {},
  ],
  [
    "a loose source route",
    () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1, options: hex("83 07 04 c6336409 00") }),
    {},
  ],
  [
    "a strict source route",
    () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1, options: hex("89 07 04 c6336409 00") }),
    {},
  ],
  [
    "an option of length 0",
    () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1, options: hex("44 00 0000") }),
    { "icmp 12.0": 1 },
  ],
  [
    "an option that reaches behind the header",
    () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1, options: hex("44 28 0500") }),
    { "icmp 12.0": 1 },
  ],
  ["a header of 16 bytes", () => send4(zeros(8), { protocol: 1, headerWords: 4 }), {}],
  ["a header longer than the packet", () => send4(zeros(8), { protocol: 1, headerWords: 15 }), {}],
  [
    "a length longer than the frame",
    () => send4(icmp(8, 0, 1, zeros(64)), { protocol: 1, totalLength: 2000 }),
    {},
  ],
  ["a wrong checksum", () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1, headerChecksum: 1 }), {}],
  [
    "a redirect to the attacker",
    () =>
      send4(icmp(5, 1, 0x0a000606, ipv4({ from: V4, to: SOMEBODY, protocol: 6 }, zeros(8))), {
        from: "10.0.0.2",
        protocol: 1,
      }),
    {},
  ],
  [
    "router discovery",
    () => send4(icmp(9, 0, 0x01020708, hex("0a000606 7fffffff")), { from: "10.0.0.2", protocol: 1 }),
    {},
  ],
  [
    "questions for time and mask",
    () => [13, 15, 17].forEach((type) => send4(icmp(type, 0, 1, zeros(12)), { protocol: 1 })),
    {},
  ],
  [
    "errors about errors",
    () =>
      [3, 11, 12].forEach((type) =>
        send4(icmp(type, 0, 0, ipv4({ from: V4, to: BAD, protocol: 1 }, icmp(3, 3, 0, zeros(28)))), {
          protocol: 1,
        }),
      ),
    {},
  ],
  [
    "forged: a path of 68 bytes",
    () => [68, 0, 1, 65_535].forEach((mtu) => send4(quoted(mtu), { protocol: 1 })),
    {},
  ],
  ["a protocol that nobody has", () => send4(zeros(16), { protocol: 99 }), { "icmp 3.2": 1 }],
  [
    "five hundred datagrams for closed ports: at most as many errors as the limit lets pass",
    () => repeated(500, () => send4(datagram(zeros(4), BAD, V4, 9), { protocol: 17 })),
    { "icmp 3.3": 30 },
  ],
  [
    "a thousand echo requests: at most as many answers as the limit lets pass",
    () => repeated(1000, () => send4(icmp(8, 0, 1, zeros(8)), { protocol: 1 })),
    { "icmp 0.0": 500 },
  ],
  // TCP
  ["a null scan", () => sendTcp({ flags: 0 }), {}],
  ["a FIN scan", () => sendTcp({ flags: fin }), {}],
  ["a xmas scan", () => sendTcp({ flags: fin | psh | urg }), {}],
  ["an ACK scan", () => sendTcp({ flags: ack }), { "tcp R": 1 }],
  ["a SYN for a closed port", () => sendTcp({ to: 81 }), { "tcp RA": 1 }],
  ["SYN and FIN together", () => sendTcp({ flags: syn | fin }), {}],
  ["SYN and RST together", () => sendTcp({ flags: syn | rst }), {}],
  ["a reset for a port that listens", () => sendTcp({ flags: rst | ack }), {}],
  [
    "data in a SYN is not taken before the connection is open",
    () => sendTcp({ from: 4200 }, Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n")),
    { "tcp SA": 1 },
  ],
  [
    "a SYN to all of the network",
    () => send4(segment({}, undefined, BAD, "10.0.255.255"), { to: "10.0.255.255", protocol: 6 }, EVERYBODY),
    {},
  ],
  ["a SYN from port 0", () => sendTcp({ from: 0 }), {}],
  ["a header of 4 words", () => sendTcp({ headerWords: 4 }), {}],
  ["a header longer than the segment", () => sendTcp({ headerWords: 15 }), {}],
  [
    "options of length 0 and 1",
    () =>
      ["02000000", "08010000"].forEach((options, n) => sendTcp({ from: 4300 + n, options: hex(options) })),
    { "tcp SA": 2 },
  ],
  [
    "a window scale of 255, an MSS of 1",
    () => sendTcp({ from: 4400, options: hex("0303ff00 02040001") }),
    { "tcp SA": 1 },
  ],
  [
    "two thousand SYNs from everywhere: as many answers, no place",
    () =>
      repeated(5000, (n) => {
        const from = `198.51.${n >> 8}.${n & 255}`;
        send4(segment({ from: 1024 + n, sequence: n }, undefined, from), { from, protocol: 6 });
      }),
    { "tcp SA": 6000 },
  ],
  [
    "a thousand acknowledgements of nothing: resets",
    () => repeated(5000, (n) => sendTcp({ from: 1024 + n, flags: ack, acknowledgement: n * 77 })),
    { "tcp R": 5000 },
  ],
  // UDP, DNS, DHCP
  [
    "an answer in the place of a question",
    () =>
      send4(datagram(Uint8Array.from(question, (byte, n) => (n === 2 ? byte | 0x80 : byte))), {
        protocol: 17,
      }),
    {},
  ],
  ["a datagram of no bytes", () => send4(datagram(zeros(0)), { protocol: 17 }), {}],
  [
    "a length longer than the packet",
    () => send4(udp({ from: 4000, to: 53, addresses: [BAD, V4], length: 600 }, question), { protocol: 17 }),
    {},
  ],
  [
    "a length of 7",
    () => send4(udp({ from: 4000, to: 53, addresses: [BAD, V4], length: 7 }, question), { protocol: 17 }),
    {},
  ],
  [
    "a question from port 0",
    () => send4(udp({ from: 0, to: 53, addresses: [BAD, V4] }, question), { protocol: 17 }),
    {},
  ],
  [
    "names that point at themselves",
    () => send4(datagram(hex("0007 0100 0001 0000 0000 0000 c00c 0001 0001")), { protocol: 17 }),
    { udp: 1 },
  ],
  [
    "an address that nobody asked a server for",
    () => {
      const offered = dhcp({
        operation: 2,
        transaction: 1,
        flags: 0,
        seconds: 0,
        clientAddress: "0.0.0.0",
        yourAddress: "10.0.6.7",
        mac: MAC,
        options: new Map([
          [53, [5]],
          [54, [10, 0, 6, 6]],
        ]),
      });
      send4(udp({ from: 67, to: 68, addresses: [BAD, V4] }, offered), { protocol: 17 });
    },
    { "icmp 3.3": 1 },
  ],
  // ARP
  ["an unasked answer for a neighbour's address", () => attacker.sendFrame(ARP_CLAIM("10.0.9.9")), {}],
  [
    "somebody claims the appliance's address, a hundred times",
    () => repeated(100, () => attacker.sendFrame(ARP_CLAIM(V4, 1))),
    { arp: 1 },
  ],
  [
    "questions of two thousand neighbours: each is answered, few are kept",
    () => repeated(10_000, (n) => attacker.sendFrame(ARP_CLAIM(`10.0.${50 + (n >> 8)}.${n & 255}`, 1))),
    { arp: 10_000 },
  ],
  // IPv6
  ["land over IPv6", () => send6(segment({ from: 80 }, undefined, V6, V6), 6, { from: V6 }), {}],
  [
    "a packet from a group",
    () => send6(icmp6Of(128, 0, 1, zeros(8), "ff02::1"), 58, { from: "ff02::1" }),
    {},
  ],
  ["a packet from ::1", () => send6(icmp6Of(128, 0, 1, zeros(8), "::1"), 58, { from: "::1" }), {}],
  [
    "an echo request to all nodes",
    () => send6(icmp6Of(128, 0, 1, zeros(8), BAD6, "ff02::1"), 58, { to: "ff02::1" }),
    {},
  ],
  [
    "a routing header of type 0",
    () => send6(concat(hex("3a 02 00 01 00000000"), zeros(16), icmp6Of(128, 0, 1, zeros(8))), 43),
    { "icmp6 4.0": 1 },
  ],
  [
    "forty destination options headers",
    () =>
      send6(
        concat(...Array.from({ length: 40 }, () => hex("3c 00 01 04 00000000")), hex("3b 00 01 04 00000000")),
        60,
      ),
    {},
  ],
  ["hop-by-hop options that reach behind the packet", () => send6(hex("3a 20 01 04 00000000"), 0), {}],
  [
    "hop-by-hop options behind others",
    () =>
      send6(
        concat(hex("00 00 01 04 00000000"), hex("3a 00 01 04 00000000"), icmp6Of(128, 0, 1, zeros(8))),
        60,
      ),
    { "icmp6 4.1": 1 },
  ],
  [
    "a jumbogram",
    () => send6(concat(hex("3a 00 c2 04 00010000"), icmp6Of(128, 0, 1, zeros(8))), 0),
    { "icmp6 4.2": 1 },
  ],
  [
    "fragments that overlap: RFC 5722",
    () => {
      const whole = datagram(concat(question, zeros(60)), BAD6, V6);
      send6(fragment6(17, 5, 0, true, whole.subarray(0, 48)), 44);
      send6(fragment6(17, 5, 40, true, whole.subarray(40, 64)), 44);
      send6(fragment6(17, 5, 64, false, whole.subarray(64)), 44);
    },
    {},
  ],
  [
    "neighbour discovery in a fragment: RFC 6980",
    () =>
      send6(
        fragment6(
          58,
          6,
          0,
          false,
          icmp6Of(135, 0, 0, concat(hex("20010db8000000000000000000000001 0101"), hex(attacker.mac))),
        ),
        44,
        { hops: 255 },
      ),
    {},
  ],
  [
    "a solicitation from afar",
    () => send6(icmp6Of(135, 0, 0, hex("20010db8000000000000000000000001")), 58, { hops: 64 }),
    {},
  ],
  [
    "a solicitation with an option of length 0",
    () =>
      send6(icmp6Of(135, 0, 0, hex("20010db8000000000000000000000001 0100 000000000000")), 58, { hops: 255 }),
    {},
  ],
  [
    "a redirect of IPv6",
    () => send6(icmp6Of(137, 0, 0, zeros(32), LINK, V6), 58, { from: LINK, hops: 255 }),
    {},
  ],
  [
    "an advertisement that nobody asked for",
    () =>
      send6(
        icmp6Of(136, 0, 0x2000_0000, concat(hex("20010db8000000000000000000000bad 0201"), hex(attacker.mac))),
        58,
        { hops: 255 },
      ),
    {},
  ],
  [
    "a datagram of UDP without a checksum: RFC 8200 8.1",
    () => send6(udp({ from: 4000, to: 53, addresses: [BAD6, V6], checksum: 0 }, question), 17),
    {},
  ],
  [
    "forged: a path of 1 byte",
    () => send6(icmp6Of(2, 0, 1, ipv6({ from: V6, to: "2001:db8:9::9", next: 6 }, zeros(40))), 58),
    {},
  ],
  [
    "a thousand routers with a prefix each",
    () =>
      repeated(1000, (n) => {
        const prefix = concat(
          hex("03 04 40 c0 00015180 00003840 00000000"),
          hex(`20010db8${(0x1000 + n).toString(16).padStart(8, "0")}`),
          zeros(8),
        );
        const from = `fe80::${(n + 1).toString(16)}`;
        send6(icmp6Of(134, 0, 0x4000_0708, concat(zeros(8), prefix), from, "ff02::1"), 58, {
          from,
          to: "ff02::1",
          hops: 255,
        });
      }),
    { "icmp6 135.0": 8, "protocol 0": 8 },
  ],
];
