/** An appliance's IPv6 stack with echo services over UDP and TCP, a router of its link beside it: for tests. */
import {
  Cable,
  Host,
  Host6,
  type Ipv6Packet,
  Machine,
  MINUTE,
  parseIcmp6,
  parseUdp,
  protocol,
  SECOND,
  Simulation,
  udp,
} from "#simulate";
import { simulatedProgram } from "./simulated.ts";
import { stackOf } from "./stack-needs.ts";

const entry = `
import { Bytes } from "./stdlib/core/bytes";
import { Acceptor, Session, Stream } from "./stdlib/net/tcp";
import { Peer, Responder } from "./stdlib/net/udp";
import { counted } from "./stdlib/net/counters";
import * as link from "./backends/simulate/drivers/link";
import * as ethernet from "./stdlib/net/ethernet/index";
import * as ipv6 from "./stdlib/net/ipv6/index";
import * as ndp from "./stdlib/net/ndp/index";
import * as resolvers from "./stdlib/net/resolvers/index";
import * as slaac from "./stdlib/net/slaac/index";
import * as stack6 from "./stdlib/net/stack6/index";
import * as tcp from "./stdlib/net/tcp/index";
import * as udp from "./stdlib/net/udp/index";
export { counted };

class Echo extends Responder {
  respond(request: Bytes, reply: Bytes, peer: Peer): u32 {
    assert(peer.family == 6 && peer.high != 0);
    reply.copy(0, request, 0, request.length);
    return request.length;
  }
}
class Copying extends Session {
  stream: Stream | null = null;
  receive(bytes: Bytes): u32 { return this.stream!.write(bytes, 0, bytes.length) ? bytes.length : 0; }
  finished(): void { this.stream!.close(); }
  writable(): void { this.stream!.resume(); }
  ended(_reason: i32): void {}
}
class Taker extends Acceptor {
  accept(stream: Stream): Session | null {
    assert(stream.family == 6 && stream.high != 0);
    const session = new Copying();
    session.stream = stream;
    return session;
  }
}
const large = new Bytes(new StaticArray<u8>(65536), 0, 65536);
class Source extends Acceptor {
  accept(stream: Stream): Session | null {
    stream.send(large, 0, 20000, null);
    const session = new Copying();
    session.stream = stream;
    return session;
  }
}
export function configure(high: u64, low: u64, byHigh: u64, byLow: u64, advertised: bool): void {
  assert(stack6.configure("eth0", 1500));
  if (high != 0) assert(stack6.address("eth0", high, low, 64));
  if (byHigh != 0) assert(stack6.way("eth0", 0, 0, 0, byHigh, byLow));
  if (advertised) slaac.enable("eth0");
  const echo = new Echo();
  echo.most = 8000;
  assert(udp.bind(0, 0, 7, echo));
  tcp.reserve(16, 16384, 262144);
  assert(tcp.listen(0, 0, 7, new Taker()));
  assert(tcp.listen(0, 0, 19, new Source()));
}
export function sendFrom(high: u64, low: u64, port: u32): bool {
  const payload = udp.outgoing(high, low);
  if (payload == null) return false;
  payload.setBe64(0, 0x0102030405060708);
  udp.send(1000, port, 8);
  return true;
}
export function nameServers(now: u64): i32 { return resolvers.count(now); }
export function start(): void {
  link.start();
  ethernet.start();
  ndp.start();
  slaac.start();
  stack6.start();
  tcp.start();
}
export function poll(now: u64): u64 {
  ethernet.poll(now);
  ndp.poll(now);
  slaac.poll(now);
  ipv6.poll(now);
  tcp.poll(now);
  return min(min(ethernet.deadline(), ndp.deadline()), min(min(slaac.deadline(), ipv6.deadline()), tcp.deadline()));
}
`;

export const ipv6Program = (): Promise<WebAssembly.Module> =>
  simulatedProgram({
    entry: "ipv6.ts",
    files: { "ipv6.ts": entry },
    ...stackOf("backends/simulate/drivers", { ipv4: false, ipv6: true }),
  });

export const OWN = "2001:db8::53";
export const ROUTER = "fe80::1";
export const CLIENT = "2001:db8::2";
export const MAC = "52:54:00:12:34:56";

/** So many bytes that differ from their neighbours. */
export const patterned = (length: number) => Uint8Array.from({ length }, (_, n) => n * 7);
/** A datagram for the service that sends back what it gets. */
export const asked = (payload: Uint8Array, from = CLIENT) =>
  udp({ from: 4000, to: 7, addresses: [from, OWN] }, payload);

export interface Network6Options {
  readonly seed?: number;
  /** Without an address in the description the router tells. */
  readonly advertised?: boolean;
}

/** The machine is off. */
export function network6(
  program: WebAssembly.Module,
  { seed = 1, advertised = false }: Network6Options = {},
) {
  const simulation = new Simulation({ seed });
  const [high, low] = advertised ? [0n, 0n] : [0x2001_0db8_0000_0000n, 0x53n];
  const [byHigh, byLow] = advertised ? [0n, 0n] : [0xfe80_0000_0000_0000n, 1n];
  const machine = new Machine(simulation, {
    name: "server",
    program,
    nics: [{ mac: MAC }],
    prepare: (exports) => exports["configure"](high, low, byHigh, byLow, advertised),
  });
  const host = new Host(simulation, { name: "router", address: "10.0.0.1/24" });
  const router = new Host6(host, { addresses: [ROUTER, CLIENT] });
  const cable = new Cable(simulation, host.port, machine.port);
  const said = () => machine.console.map(({ text }) => text);
  /** The addresses that it has said to have. */
  const addresses = () => said().flatMap((line) => /^eth0: ([0-9a-f:]+) 5/.exec(line)?.[1] ?? []);
  const counted = (reason: number): number => Number(machine.exports["counted"](reason));
  return { simulation, machine, host, router, cable, said, addresses, counted };
}

export type Network6 = ReturnType<typeof network6>;

/** Switched on, its addresses ready. */
export function running6(program: WebAssembly.Module, options: Network6Options = {}): Network6 {
  const net = network6(program, options);
  net.machine.switchOn();
  net.simulation.run(3 * SECOND);
  return net;
}

const [SOLICITATION, ADVERTISEMENT] = [135, 136];

/** What comes back for what is done, whole messages of ICMPv6. */
export function messages(net: Network6, act: () => void, wait = SECOND) {
  const from = net.router.heard.length;
  act();
  net.simulation.run(wait);
  return net.router.heard.slice(from).flatMap((packet) => {
    const message = packet.next === protocol.icmpv6 ? parseIcmp6(packet) : undefined;
    return message === undefined || message.type === SOLICITATION || message.type === ADVERTISEMENT
      ? []
      : [{ ...message, packet }];
  });
}

/** Whole datagrams that come back. */
export function datagrams(net: Network6, act: () => void): { packet: Ipv6Packet; payload: Uint8Array }[] {
  const from = net.router.heard.length;
  act();
  net.simulation.run(SECOND);
  return net.router.heard.slice(from).flatMap((packet) => {
    const datagram = packet.next === protocol.udp ? parseUdp(packet) : undefined;
    return datagram === undefined ? [] : [{ packet, payload: datagram.payload }];
  });
}

/** What Counter of stdlib/net/counters.ts calls them. */
export const counter6 = {
  framesOut: 1,
  ndpIgnored: 29,
  routerIgnored: 30,
  fragmentDropped: 13,
  ipBadSource: 10,
  notForUs: 2,
};
export { MINUTE, SECOND };
