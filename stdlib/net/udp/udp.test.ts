import fc from "fast-check";
import { expect, test } from "vitest";
import { checksum, concat, ethernet, hex, ipv4, type Udp, udp } from "#simulate";
import { type SentFrame, SimulatedHost, type SimulatedNic } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const from = "10.0.2.2";
const to = "10.0.2.15";
const counter = { udpBadLength: 18, udpBadChecksum: 19, udpNoPort: 20, udpNoAnswer: 21 };
const pseudo = (length: number) =>
  concat(hex("0a00020f 0a000202 0011"), Uint8Array.of(length >> 8, length & 255));

async function started(
  nic: Partial<SimulatedNic> = {},
  bind?: (host: SimulatedHost) => void,
): Promise<SimulatedHost> {
  const host = await SimulatedHost.make([{ address: `${to}/24`, gateway: from, mac: ours, ...nic }]);
  if (bind) bind(host);
  else {
    host.as.exports["bindEcho"](0n, 0n, 7, 1472);
    host.as.exports["bindSized"](0n, 0n, 9, 1232);
  }
  host.start();
  host.pass(3000);
  return host;
}

const asked = (fields: Partial<Udp>, payload: Uint8Array, destination = to) =>
  ethernet(
    theirs,
    ours,
    0x0800,
    ipv4(
      { from, to: destination, protocol: 17 },
      udp({ from: 4000, to: 7, addresses: [from, destination], ...fields }, payload),
    ),
  );
const payloadOf = ({ bytes }: SentFrame) => bytes.slice(34);

test("the answer comes back from the port that was asked, to the port that asked", async () => {
  const host = await started();
  const sent = host.receive(asked({}, hex("68656c6c6f")));
  expect(sent.map(payloadOf)).toEqual([udp({ from: 7, to: 4000, addresses: [to, from] }, hex("68656c6c6f"))]);
});

test("the responder learns who asks", async () => {
  const host = await started();
  const [sent] = host.receive(asked({ to: 9, from: 54321 }, hex("0006")));
  expect(payloadOf(sent!).slice(8)).toEqual(hex("0a000202 d431"));
});

test("any payload comes back with a right checksum, and none is zero", async () => {
  const host = await started();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 1472 }),
      fc.integer({ min: 1, max: 65535 }),
      (payload, port) => {
        const [sent] = host.receive(asked({ from: port }, payload));
        const datagram = payloadOf(sent!);
        expect(datagram.slice(8)).toEqual(payload);
        expect(checksum(pseudo(datagram.length), datagram)).toBe(0);
        expect(datagram[6]! | datagram[7]!).not.toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

test("a sum of zero is sent as all ones", async () => {
  const host = await started();
  // Port 4000, 7, two lengths of 10 and the pseudo-header need this payload for a sum of zero.
  const before = udp({ from: 7, to: 4000, addresses: [to, from] }, hex("0000"));
  const payload = before.slice(6, 8);
  expect(checksum(pseudo(10), before.with(6, 0).with(7, 0).slice(0, 8), payload)).toBe(0);
  const [sent] = host.receive(asked({}, payload));
  expect(payloadOf(sent!).slice(6, 8)).toEqual(hex("ffff"));
});

test("a datagram without checksum is taken", async () => {
  const host = await started();
  expect(host.receive(asked({ checksum: 0 }, hex("01"))).length).toBe(1);
});

test("a link that has verified the checksum is believed", async () => {
  const host = await started();
  expect(host.receive(asked({ checksum: 0x1234 }, hex("01")), { verified: true }).length).toBe(1);
});

test("a link that completes checksums gets the sum of the pseudo-header, and where to begin", async () => {
  const host = await started({ completesChecksums: true });
  const [sent] = host.receive(asked({}, hex("68656c6c6f")));
  expect(sent).toMatchObject({ checksumStart: 34, checksumOffset: 6 });
  // What the device does: virtio 1.2, 5.1.6.2.
  const { bytes } = sent!;
  const sum = checksum(bytes.slice(34));
  bytes.set([sum >> 8, sum & 255], 40);
  expect(bytes.slice(34)).toEqual(udp({ from: 7, to: 4000, addresses: [to, from] }, hex("68656c6c6f")));
});

const bad: [why: string, frame: Uint8Array, counted: number][] = [
  ["a wrong checksum", asked({ checksum: 0x1234 }, hex("01")), counter.udpBadChecksum],
  ["a length below the header's", asked({ length: 7 }, hex("01")), counter.udpBadLength],
  ["a length beyond the datagram", asked({ length: 10 }, hex("01")), counter.udpBadLength],
  [
    "a cut header",
    ethernet(theirs, ours, 0x0800, ipv4({ from, to, protocol: 17 }, hex("0fa00007000800"))),
    counter.udpBadLength,
  ],
  ["port 0 as source", asked({ from: 0 }, hex("01")), counter.udpNoAnswer],
];
for (const [why, frame, counted] of bad)
  test(`drops ${why}`, async () => {
    const host = await started();
    expect(host.receive(frame)).toEqual([]);
    expect(host.counted(counted)).toBe(1);
  });

test("bytes between the end of UDP and the end of IP are not part of it", async () => {
  const host = await started();
  const datagram = concat(udp({ from: 4000, to: 7, addresses: [from, to] }, hex("0102")), hex("ffffff"));
  const [sent] = host.receive(ethernet(theirs, ours, 0x0800, ipv4({ from, to, protocol: 17 }, datagram)));
  expect(payloadOf(sent!).slice(8)).toEqual(hex("0102"));
});

test("silence is silence, and gives its packet back", async () => {
  const host = await started();
  expect(host.receive(asked({ to: 9 }, hex("01")))).toEqual([]);
  expect(host.as.exports["held"]()).toBe(0);
});

test("a port can be bound once for an address, and only once for all", async () => {
  await started({}, (host) => {
    const { bindEcho } = host.as.exports;
    const address = 0x0a00020fn;
    expect([
      bindEcho(0n, address, 7),
      bindEcho(0n, address + 1n, 7),
      bindEcho(0n, address, 7),
      bindEcho(0n, 0n, 7),
    ]).toEqual([1, 1, 0, 0]);
    expect([bindEcho(0n, 0n, 8), bindEcho(0n, address, 8), bindEcho(0n, 0n, 8)]).toEqual([1, 0, 0]);
  });
});

test("a port bound for another address does not answer here", async () => {
  const host = await started({}, (each) => {
    each.as.exports["bindEcho"](0n, 0x0a000210n, 7, 1472);
    each.as.exports["bindEcho"](0n, 0x0a00020fn, 8, 1472);
  });
  expect(payloadOf(host.receive(asked({}, hex("01")))[0]!).slice(0, 2)).toEqual(hex("0303"));
  expect(payloadOf(host.receive(asked({ to: 8 }, hex("01")))[0]!).slice(8)).toEqual(hex("01"));
});

test("any number of ports can be bound, and answers of up to 8 KiB promised", async () => {
  await started({}, (host) => {
    const { bindEcho, bindSized } = host.as.exports;
    expect(bindSized(0n, 0n, 1, 8184)).toBe(1);
    expect(bindSized(0n, 0n, 2, 8185)).toBe(0);
    expect(Array.from({ length: 64 }, (_, n) => bindEcho(0n, 0n, 100 + n))).toEqual(Array(64).fill(1));
  });
});

test("answers of every length up to what was promised arrive whole", async () => {
  const host = await started({ mtu: 600 }, (each) => each.as.exports["bindSized"](0n, 0n, 9, 8184));
  for (const size of [1, 571, 572, 573, 1941, 1942, 1943, 8184]) {
    const sent = host.receive(asked({ to: 9 }, Uint8Array.of(size >> 8, size & 255)));
    const whole = concat(...sent.map(payloadOf));
    expect(whole.length).toBe(8 + size);
    expect(checksum(pseudo(whole.length), whole)).toBe(0);
    expect(host.as.exports["held"]()).toBe(0);
  }
});

test("more datagrams than one turn takes are answered in the turns that follow at once", async () => {
  const host = await started();
  for (let n = 0; n < 64; n++) expect(host.arrive(asked({}, hex("01")))).toBe(true);
  expect(host.arrive(asked({}, hex("01")))).toBe(false);
  expect(host.turn().length).toBe(64);
});
