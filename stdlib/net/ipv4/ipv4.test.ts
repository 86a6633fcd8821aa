import { expect, test } from "vitest";
import { checksum, concat, ethernet, hex, type Ipv4, icmp, ipv4, udp } from "#simulate";
import { type SentFrame, SimulatedHost } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const from = "10.0.2.2";
const to = "10.0.2.15";
const UDP = 17;
const ICMP = 1;
/** Numbers of counters.ts that tests look at. */
const counter = {
  notForUs: 2,
  tooShort: 4,
  ipBadHeader: 8,
  ipBadChecksum: 9,
  ipBadSource: 10,
  ipSourceRoute: 11,
  fragmentDropped: 13,
  fragmentTimeout: 14,
};

async function started(nic: { mtu?: number } = {}): Promise<SimulatedHost> {
  const host = await SimulatedHost.make([{ address: `${to}/24`, gateway: from, mac: ours, ...nic }]);
  host.as.exports["bindEcho"](0n, 0n, 7, 1472);
  host.as.exports["bindSized"](0n, 0n, 9, 4000);
  host.start();
  host.pass(3000);
  return host;
}

const frame = (datagram: Uint8Array) => ethernet(theirs, ours, 0x0800, datagram);
const echo = (payload: Uint8Array) => udp({ from: 4000, to: 7, addresses: [from, to] }, payload);
const hello = hex("68656c6c6f");
const asked = (fields: Partial<Ipv4> = {}, payload = echo(hello)) =>
  frame(ipv4({ from, to, protocol: UDP, ...fields }, payload));

const payloadOf = ({ bytes }: SentFrame) => bytes.slice(14 + (bytes[14]! & 15) * 4);
const only = (sent: SentFrame[]) => {
  expect(sent.length).toBe(1);
  return sent[0]!;
};

test("an answer goes to the hardware address it came from, with a header as RFC 791 wants it", async () => {
  const host = await started();
  const { bytes } = only(host.receive(asked()));
  expect(bytes.slice(0, 14)).toEqual(hex("020000000002 525400123456 0800"));
  expect(bytes.slice(14, 34)).toEqual(
    hex("45 00 0021 0000 4000 40 11 0000 0a00020f 0a000202").with(10, bytes[24]!).with(11, bytes[25]!),
  );
  expect(checksum(bytes.slice(14, 34))).toBe(0);
});

test("bytes behind the datagram, as short frames have, are not part of it", async () => {
  const host = await started();
  const { bytes } = only(host.receive(concat(asked(), new Uint8Array(13).fill(0xee))));
  expect(bytes.length).toBe(14 + 20 + 8 + 5);
});

const refused: [why: string, frame: Uint8Array, counted: number][] = [
  ["an unknown version", asked({ version: 6 }), counter.ipBadHeader],
  ["a header that is too short", asked({ headerWords: 4 }), counter.ipBadHeader],
  [
    "a header longer than the datagram",
    frame(ipv4({ from, to, protocol: UDP, headerWords: 15 }, new Uint8Array(8))),
    counter.ipBadHeader,
  ],
  ["a length beyond the frame", asked({ totalLength: 200 }), counter.ipBadHeader],
  ["a length below the header", asked({ totalLength: 19 }), counter.ipBadHeader],
  ["a wrong checksum", asked({ headerChecksum: 0x1234 }), counter.ipBadChecksum],
  ["a frame without room for a header", asked().slice(0, 33), counter.tooShort],
  ["another destination", asked({ to: "10.0.2.16" }), counter.notForUs],
  ["a group as destination", asked({ to: "224.0.0.1" }), counter.notForUs],
  [
    "a frame for all with a datagram for us",
    ethernet(theirs, "ff:ff:ff:ff:ff:ff", 0x0800, ipv4({ from, to, protocol: UDP }, echo(hello))),
    counter.notForUs,
  ],
  [
    "a frame from a group",
    ethernet("03:00:00:00:00:02", ours, 0x0800, ipv4({ from, to, protocol: UDP }, echo(hello))),
    counter.ipBadSource,
  ],
  ["a loose source route", asked({ options: hex("83 07 04 0a000203 00") }), counter.ipSourceRoute],
  ["a strict source route", asked({ options: hex("01 89 07 04 0a000203") }), counter.ipSourceRoute],
  ...["0.0.0.0", "127.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "10.0.2.255", to].map(
    (source): [string, Uint8Array, number] => [
      `the source ${source}`,
      asked({ from: source }),
      counter.ipBadSource,
    ],
  ),
];
for (const [why, bad, counted] of refused)
  test(`drops ${why}`, async () => {
    const host = await started();
    const before = host.counted(counted);
    expect(host.receive(bad)).toEqual([]);
    expect(host.counted(counted)).toBe(before + 1);
  });

test("skips options that are no source route", async () => {
  const host = await started();
  for (const options of ["01 01 01 00", "07 07 04 00000000 00", "94 04 0000", "44 08 05 00 00000000"])
    only(host.receive(asked({ options: hex(options) })));
});

test("tells the sender which option does not parse", async () => {
  const host = await started();
  const bad: [options: string, pointer: number][] = [
    ["07 01 00 00", 20],
    ["01 07 00 00", 21],
    ["01 01 01 07", 23],
    ["01 07 04 00", 21],
  ];
  for (const [options, pointer] of bad) {
    const sent = asked({ options: hex(options) });
    const message = payloadOf(only(host.receive(sent)));
    expect(message).toEqual(icmp(12, 0, pointer << 24, sent.slice(14, 14 + 24 + 8)));
    host.pass(100);
  }
});

test("tells the sender that a protocol is unknown", async () => {
  const host = await started();
  const sent = asked({ protocol: 132 }, new Uint8Array(20).fill(7));
  expect(payloadOf(only(host.receive(sent)))).toEqual(icmp(3, 2, 0, sent.slice(14, 14 + 28)));
});

/** Cuts a payload into fragments of `size` bytes. */
function fragments(payload: Uint8Array, size: number, fields: Partial<Ipv4> = {}): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size)
    parts.push(
      frame(
        ipv4(
          {
            from,
            to,
            protocol: UDP,
            identification: 77,
            offset,
            moreFragments: offset + size < payload.length,
            ...fields,
          },
          payload.slice(offset, offset + size),
        ),
      ),
    );
  return parts;
}
const long = Uint8Array.from({ length: 1300 }, (_, n) => n * 7);

test("puts fragments together in whatever order they come", async () => {
  const host = await started();
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [2, 0, 1],
  ]) {
    const parts = fragments(echo(long), 512);
    const sent = order.map((n) => host.receive(parts[n]!));
    expect(sent.map((frames) => frames.length)).toEqual([0, 0, 1]);
    expect(payloadOf(sent[2]![0]!).slice(8)).toEqual(long);
  }
});

test("keeps the fragments of different datagrams apart", async () => {
  const host = await started();
  const mine = fragments(echo(long), 800);
  const others = fragments(echo(long.map((byte) => byte ^ 1)), 800, { identification: 78 });
  expect(host.receive(mine[0]!)).toEqual([]);
  expect(host.receive(others[1]!)).toEqual([]);
  expect(payloadOf(only(host.receive(mine[1]!))).slice(8)).toEqual(long);
  expect(payloadOf(only(host.receive(others[0]!))).slice(8)).toEqual(long.map((byte) => byte ^ 1));
});

test("a fragment that comes twice does no harm; one that differs where it overlaps ends the datagram", async () => {
  const host = await started();
  const [first, second] = fragments(echo(long), 800);
  expect(host.receive(first!)).toEqual([]);
  expect(host.receive(first!)).toEqual([]);
  only(host.receive(second!));
  const different = fragments(
    echo(long).map((byte, n) => (n === 500 ? byte ^ 1 : byte)),
    800,
  )[0]!;
  const shifted = frame(
    ipv4(
      { from, to, protocol: UDP, identification: 77, offset: 792, moreFragments: true },
      new Uint8Array(16),
    ),
  );
  for (const overlapping of [different, shifted]) {
    const before = host.counted(counter.fragmentDropped);
    expect(host.receive(first!)).toEqual([]);
    expect(host.receive(overlapping)).toEqual([]);
    expect(host.counted(counter.fragmentDropped)).toBe(before + 1);
    // What comes now belongs to nothing.
    expect(host.receive(second!)).toEqual([]);
    host.pass(16_000);
  }
});

const bad = (fields: Partial<Ipv4>, length: number) =>
  frame(ipv4({ from, to, protocol: UDP, identification: 5, ...fields }, new Uint8Array(length)));
const badFragments: [why: string, frames: Uint8Array[]][] = [
  ["a middle fragment that is no multiple of 8", [bad({ moreFragments: true }, 13)]],
  ["a fragment without bytes", [bad({ offset: 8 }, 0)]],
  ["one beyond 8 KiB", [bad({ offset: 8192 }, 8)]],
  ["one beyond 64 KiB", [bad({ offset: 65528 }, 1000)]],
  ["two different ends", [bad({ offset: 64 }, 8), bad({ offset: 128 }, 8)]],
  ["bytes behind the end", [bad({ offset: 64 }, 8), bad({ offset: 128, moreFragments: true }, 8)]],
  [
    "an end before bytes that have come",
    [bad({ offset: 64, moreFragments: true }, 8), bad({ offset: 8 }, 8)],
  ],
];
for (const [why, frames] of badFragments)
  test(`drops ${why}`, async () => {
    const host = await started();
    for (const each of frames) expect(host.receive(each)).toEqual([]);
    expect(host.counted(counter.fragmentDropped)).toBe(1);
  });

test("tells the sender when the rest does not come, if the beginning has", async () => {
  const host = await started();
  const parts = fragments(echo(long), 800);
  host.receive(parts[0]!);
  expect(host.pass(14_999)).toEqual([]);
  const sent = only(host.pass(1));
  expect(payloadOf(sent)).toEqual(icmp(11, 1, 0, parts[0]!.slice(14, 14 + 28)));
  expect(sent.bytes.slice(0, 6)).toEqual(hex(theirs));
  host.receive(parts[1]!);
  expect(host.pass(20_000)).toEqual([]);
  expect(host.counted(counter.fragmentTimeout)).toBe(2);
  expect(host.deadline()).toBe(2n ** 64n - 1n);
});

test("a flood of fragments pushes out the oldest, and takes no memory", async () => {
  const host = await started();
  const size = host.as.memory.buffer.byteLength;
  const parts = fragments(echo(long), 800, { identification: 60_000 });
  for (let n = 0; n < 5000; n++) {
    if (n === 4997) host.receive(parts[0]!);
    host.receive(fragments(echo(long), 800, { identification: n })[0]!);
    host.now += 1000n;
  }
  only(host.receive(parts[1]!));
  expect(host.as.memory.buffer.byteLength).toBe(size);
});

/** Answers of `size` bytes, whole again. */
function answered(host: SimulatedHost, size: number): { frames: SentFrame[]; whole: Uint8Array } {
  const frames = host.receive(
    frame(
      ipv4(
        { from, to, protocol: UDP },
        udp({ from: 4000, to: 9, addresses: [from, to] }, Uint8Array.of(size >> 8, size & 255)),
      ),
    ),
  );
  return { frames, whole: concat(...frames.map(payloadOf)) };
}

test("an answer longer than the link takes goes in fragments", async () => {
  for (const [mtu, sizes] of [
    [1500, [1472, 1473, 3000, 4000]],
    [576, [548, 549, 1232, 4000]],
  ] as const) {
    const host = await started({ mtu });
    for (const size of sizes) {
      const { frames, whole } = answered(host, size);
      expect(whole.length).toBe(8 + size);
      const sum = checksum(
        hex("0a00020f 0a000202 0011"),
        Uint8Array.of(whole.length >> 8, whole.length & 255),
        whole,
      );
      expect(sum).toBe(0);
      const step = (mtu - 20) & ~7;
      const isWhole = 8 + size <= mtu - 20;
      expect(frames.length).toBe(isWhole ? 1 : Math.ceil((8 + size) / step));
      frames.forEach(({ bytes }, n) => {
        expect(bytes.length).toBeLessThanOrEqual(14 + mtu);
        const flags = bytes[20]! * 256 + bytes[21]!;
        const more = n < frames.length - 1 ? 0x2000 : 0;
        expect(flags).toBe(isWhole ? 0x4000 : more | ((n * step) / 8));
        expect(bytes.slice(18, 20)).toEqual(frames[0]!.bytes.slice(18, 20));
        expect(checksum(bytes.slice(14, 34))).toBe(0);
      });
      expect(host.as.exports["held"]()).toBe(0);
    }
  }
});

test("the numbers of fragmented datagrams are not to be guessed", async () => {
  const host = await started();
  const numbers = Array.from({ length: 8 }, () => {
    const { bytes } = answered(host, 2000).frames[0]!;
    return bytes[18]! * 256 + bytes[19]!;
  });
  const steps = numbers.slice(1).map((number, n) => number - numbers[n]!);
  expect(new Set(steps).size).toBe(steps.length);
});

test("says nothing about datagrams for all, and no errors about errors", async () => {
  const host = await started();
  const everybody = (datagram: Uint8Array) => ethernet(theirs, "ff:ff:ff:ff:ff:ff", 0x0800, datagram);
  for (const all of ["10.0.2.255", "255.255.255.255"]) {
    expect(host.receive(everybody(ipv4({ from, to: all, protocol: 99 }, hello)))).toEqual([]);
    expect(
      host.receive(
        everybody(
          ipv4({ from, to: all, protocol: UDP }, udp({ from: 1, to: 7, addresses: [from, all] }, hello)),
        ),
      ),
    ).toEqual([]);
    expect(host.receive(everybody(ipv4({ from, to: all, protocol: ICMP }, icmp(8, 0, 1, hello))))).toEqual(
      [],
    );
  }
  const error = icmp(3, 3, 0, asked().slice(14, 42));
  expect(host.receive(asked({ protocol: ICMP, options: hex("07 01 00 00") }, error))).toEqual([]);
});
