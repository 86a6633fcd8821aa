import { expect, test } from "vitest";
import { arp, ethernet, hex, icmp, ipv4, udp } from "#simulate";
import { mac, SimulatedHost } from "#tools/netsim";

const ours = "52:54:00:12:34:56";
const theirs = "02:00:00:00:00:02";
const everybody = "ff:ff:ff:ff:ff:ff";
const from = "10.0.2.2";
const to = "10.0.2.15";

const payload = (length: number) => Uint8Array.from({ length }, (_, n) => n * 37);
const datagram = (fields: object, content: Uint8Array) =>
  ethernet(theirs, ours, 0x0800, ipv4({ from, to, protocol: 17, ...fields }, content));
const asks = (port: number, content: Uint8Array) =>
  udp({ from: 4000, to: port, addresses: [from, to] }, content);
const cut = asks(7, payload(1400));

/** What mutations begin with: at least one packet for every path through the stack. */
const samples = [
  ethernet(theirs, everybody, 0x0806, arp({ operation: 1, senderMac: theirs, sender: from, target: to })),
  ethernet(
    theirs,
    ours,
    0x0806,
    arp({ operation: 2, senderMac: theirs, sender: from, targetMac: ours, target: to }),
  ),
  ethernet(
    theirs,
    everybody,
    0x0806,
    arp({ operation: 1, senderMac: theirs, sender: "0.0.0.0", target: to }),
  ),
  datagram({}, asks(7, payload(40))),
  datagram({}, asks(7, payload(1400))),
  datagram({}, asks(9, payload(600))),
  datagram({ identification: 7, moreFragments: true }, asks(9, payload(3000)).slice(0, 1480)),
  datagram(
    { identification: 7, offset: 1480, moreFragments: true },
    asks(9, payload(3000)).slice(1480, 2960),
  ),
  datagram({ identification: 7, offset: 2960 }, asks(9, payload(3000)).slice(2960)),
  datagram({}, asks(5000, payload(30))),
  datagram({ options: hex("94040000 01010100") }, asks(7, payload(12))),
  datagram({ options: hex("8307040a00020300") }, asks(7, payload(12))),
  datagram({ protocol: 1 }, icmp(8, 0, 0x12340001, payload(56))),
  datagram({ protocol: 1 }, icmp(3, 3, 0, payload(28))),
  datagram({ protocol: 6 }, payload(20)),
  datagram({ identification: 5, moreFragments: true }, cut.slice(0, 800)),
  datagram({ identification: 5, offset: 800 }, cut.slice(800)),
  datagram({ identification: 6, offset: 8, moreFragments: true }, payload(64)),
  ethernet(theirs, everybody, 0x0800, ipv4({ from, to: "10.0.2.255", protocol: 17 }, asks(7, payload(9)))),
  ethernet(theirs, ours, 0x86dd, payload(60)),
];
const faults = [
  "none",
  "an answer larger than the packet allows",
  "several answers to one packet",
  "an answer to a group",
  "an answer whose header is wrong",
  "an answer whose header checksum is wrong",
  "a packet that was not given back",
];

async function prepared(): Promise<SimulatedHost> {
  const host = await SimulatedHost.make([{ address: `${to}/24`, gateway: from, mac: ours }]);
  host.as.exports["bindEcho"](0n, 0n, 7, 1472);
  host.as.exports["bindEcho"](0n, 0n, 9, 8184);
  for (const sample of samples) host.as.exports["addSample"](host.as.bytes(sample));
  host.start();
  return host;
}

/** A million takes seconds, because the loop runs in the program itself. Other numbers are for longer runs by hand. */
const COUNT = Number(process.env["FUZZ_COUNT"] ?? 1_000_000);

test("a million mutated packets: no trap, no growth, no answer larger than allowed", async () => {
  const host = await prepared();
  const size = host.as.memory.buffer.byteLength;
  const seed = BigInt(process.env["FUZZ_SEED"] ?? 1);
  const counters = () => Array.from({ length: 26 }, (_, n) => host.counted(n));
  const done = host.as.exports["fuzz"](seed, COUNT, mac(ours));
  const fault = faults[host.as.exports["fuzzFault"]()];
  expect(`${done} packets of seed ${seed}: ${fault}`).toBe(`${COUNT} packets of seed ${seed}: none`);
  expect(host.as.memory.buffer.byteLength).toBe(size);
  // Every counter but noBuffer, noRoute and unresolved, which other tests reach, has been reached.
  const unreached = counters().flatMap((count, n) => (count === 0 ? [n] : []));
  expect(unreached).toEqual([5, 24, 25]);
});
