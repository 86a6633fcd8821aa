/** Packets of IPv6 that are nearly right: nothing traps, nothing is kept, and good ones are answered after. */
import { expect, test } from "vitest";
import {
  bytes6,
  checksum,
  concat,
  ethernet,
  etherType,
  fragment6,
  groupMac,
  hex,
  icmp6,
  ipv6,
  parseIcmp6,
  protocol,
  Random,
  SECOND,
  solicitedGroup,
  tcp,
  tcpFlag,
  udp,
} from "#simulate";
import { CLIENT, ipv6Program, MAC, messages, OWN, ROUTER, running6 } from "#tools/ipv6-network";

const MACHINES = 20;
const PACKETS = 1500;
const HOST = "02:01:00:00:00:01";
const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => n * 7);

const packet = (next: number, payload: Uint8Array, fields = {}) =>
  ethernet(HOST, MAC, etherType.ipv6, ipv6({ from: CLIENT, to: OWN, next, ...fields }, payload));
const neighbour = (type: number, to: string, from: string, rest: Uint8Array, hops = 255) =>
  ethernet(
    HOST,
    to.startsWith("ff") ? groupMac(to) : MAC,
    etherType.ipv6,
    ipv6({ from, to, next: protocol.icmpv6, hops }, icmp6([from, to], type, 0, 0, rest)),
  );
const option = (kind: number) => concat(Uint8Array.of(kind, 1), hex(HOST));
const asked = udp({ from: 4000, to: 7, addresses: [CLIENT, OWN] }, bytes(1000));
const syn = tcp({ from: 4000, to: 7, addresses: [CLIENT, OWN], sequence: 1, flags: tcpFlag.syn }, bytes(0));
const quoted = concat(hex("60000000 0014 06 40"), bytes6(OWN), bytes6(CLIENT), syn);
const prefix = concat(hex("03 04 40 c0 00015180 00003840 00000000"), bytes6("2001:db8:5::"));

const samples = [
  packet(protocol.udp, asked),
  packet(protocol.tcp, syn),
  packet(protocol.icmpv6, icmp6([CLIENT, OWN], 128, 0, 1, bytes(100))),
  packet(protocol.icmpv6, icmp6([CLIENT, OWN], 2, 0, 1300, quoted)),
  packet(protocol.icmpv6, icmp6([CLIENT, OWN], 1, 4, 0, quoted)),
  packet(44, fragment6(17, 5, 0, true, asked.subarray(0, 512))),
  packet(44, fragment6(17, 5, 512, false, asked.subarray(512))),
  packet(0, concat(hex("3c 00 05 02 00 00 01 00  2b 00 01 04 00000000  11 00 00 00 00000000"), asked)),
  neighbour(135, solicitedGroup(OWN), CLIENT, concat(bytes6(OWN), option(1))),
  neighbour(135, solicitedGroup(OWN), "::", concat(bytes6(OWN), option(14))),
  neighbour(136, OWN, CLIENT, concat(bytes6(CLIENT), option(2))),
  neighbour(134, "ff02::1", ROUTER, concat(bytes(8), option(1), prefix, hex("05 01 0000 00000578"))),
  neighbour(137, OWN, ROUTER, concat(bytes6("fe80::66"), bytes6("2001:db8:9::1"))),
  neighbour(130, "ff02::1", ROUTER, concat(bytes6("::"), hex("027d0000")), 1),
];

/** A sample with up to four wrong bytes, or shorter, or with a part of it twice; mostly with lengths and checksums that are right again. */
function mutated(random: Random): Uint8Array {
  let frame = samples[random.below(samples.length)]!.slice();
  for (let times = random.below(5); times > 0; times--) {
    const at = 12 + random.below(Math.min(frame.length - 12, random.below(2) === 0 ? 70 : 1600));
    const kind = random.below(8);
    if (kind < 4) frame[at] = random.below(256);
    else if (kind === 4) frame[at]! ^= 1 << random.below(8);
    else if (kind === 5) frame[at] = [0, 1, 0x7f, 0x80, 0xff][random.below(5)]!;
    else if (kind === 6) frame = frame.slice(0, Math.max(at, 20));
    else frame = concat(frame.subarray(0, at), frame.subarray(Math.max(14, at - 16))).slice(0, 1514);
  }
  if (frame.length > 62 && random.below(8) > 0) repair(frame);
  return frame;
}

function repair(frame: Uint8Array): void {
  const length = frame.length - 54;
  frame.set([length >> 8, length & 255], 18);
  const field = { 6: 70, 17: 60, 58: 56 }[frame[20]!];
  if (field === undefined || field + 2 > frame.length) return;
  frame.set([0, 0], field);
  const pseudo = concat(
    frame.subarray(22, 54),
    Uint8Array.of(0, 0, length >> 8, length & 255, 0, 0, 0, frame[20]!),
  );
  const sum = checksum(pseudo, frame.subarray(54));
  frame.set([sum >> 8, sum & 255], field);
}

test(`${MACHINES} machines outlive ${PACKETS} wrong packets each, and answer good ones after`, async () => {
  const program = await ipv6Program();
  for (let seed = 1; seed <= MACHINES; seed++) {
    const net = running6(program, { seed, advertised: seed % 2 === 0 });
    const own = net.addresses()[0]!;
    const random = new Random(seed);
    const size = net.machine.memory.buffer.byteLength;
    for (let n = 0; n < PACKETS; n++) {
      net.host.sendFrame(mutated(random));
      if (n % 20 === 0) net.simulation.run(random.below(200) === 0 ? 20 * SECOND : SECOND / 1000);
    }
    net.simulation.run(40 * SECOND);
    expect(net.host.bad, `seed ${seed}: what it sent was malformed`).toBe(0);
    expect(net.machine.memory.buffer.byteLength).toBe(size);
    net.router.known.clear();
    const answers = messages(net, () => net.router.ping(own, bytes(8)));
    expect(
      answers.map(({ packet: answer }) => parseIcmp6(answer)?.type),
      `seed ${seed}`,
    ).toContain(129);
  }
});
