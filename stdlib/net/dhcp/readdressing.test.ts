/** What happens in the stack when a server gives an address, another one, or none any more. */
import { beforeAll, expect, test } from "vitest";
import {
  type DhcpServerOptions,
  ethernet,
  etherType,
  HOUR,
  type Host,
  ipv4,
  MINUTE,
  parseArp,
  parseEthernet,
  parseIpv4,
  parseTcp,
  protocol,
  SECOND,
  type Tcp,
  type TcpSegment,
  tcp,
  tcpFlag,
} from "#simulate";
import { ADDRESS, dhcpNetwork, EVERYBODY, macOf, ROUTER } from "#tools/dhcp-network";
import { simulatedAppliance } from "#tools/simulated";

const ECHO = 7;
const nothing = new Uint8Array();
let program: WebAssembly.Module;
beforeAll(async () => {
  program = await simulatedAppliance("test/dhcp.appl@kvm");
});

function network(options: Partial<DhcpServerOptions> = {}) {
  const net = dhcpNetwork(program, options);
  net.machine.switchOn();
  net.simulation.run(3 * SECOND);
  return net;
}

type Network = ReturnType<typeof network>;

/** What comes back for a segment to the echo service, from a port of the host or of an address beyond it. */
function send(
  net: Network,
  to: string,
  port: number,
  fields: Partial<Tcp>,
  payload = nothing,
  from = ROUTER,
) {
  const { host, machine, simulation } = net;
  const got: TcpSegment[] = [];
  host.onFrame((frame) => {
    const parsed = parseEthernet(frame);
    const packet = parsed?.type === etherType.ipv4 ? parseIpv4(parsed.payload) : undefined;
    const segment = packet?.protocol === protocol.tcp ? parseTcp(packet) : undefined;
    if (segment?.to === port) got.push(segment);
    return undefined;
  });
  const common = { from: port, to: ECHO, sequence: 1000, flags: tcpFlag.syn, window: 65535 };
  const segment = tcp({ ...common, ...fields, addresses: [from, to] }, payload);
  const packet = ipv4({ from, to, protocol: protocol.tcp }, segment);
  host.sendFrame(ethernet(host.mac, macOf(machine), etherType.ipv4, packet));
  simulation.run(SECOND / 100);
  return got;
}

/** Opens a connection, and says something if there is something to say; false if it is not taken. */
function open(net: Network, to: string, port: number, payload = nothing, from = ROUTER): boolean {
  const [answer] = send(net, to, port, {}, nothing, from);
  if (answer === undefined || (answer.flags & tcpFlag.syn) === 0) return false;
  const acknowledgement = answer.sequence + 1;
  send(net, to, port, { sequence: 1001, acknowledgement, flags: tcpFlag.ack }, payload, from);
  return true;
}

test("connections end with their address, and their places are free for others", () => {
  const net = network({ lease: 3600 });
  // Half of 64 connections may be one address's.
  const opened = (to: string, first: number) =>
    Array.from({ length: 40 }, (_, n) => open(net, to, first + n)).filter(Boolean).length;
  expect(opened(ADDRESS, 40_000)).toBe(32);
  net.server.options = { pool: ["10.0.2.77"], lease: 3600 };
  net.server.forget();
  net.simulation.run(HOUR / 2);
  expect(net.said.at(-1)).toContain("eth0: 10.0.2.77/24 by DHCP");
  expect(send(net, ADDRESS, 50_000, {})).toEqual([]);
  expect(opened("10.0.2.77", 50_000)).toBe(32);
});

test("the MTU that a server says is that of connections", () => {
  const mssOf = ([segment]: TcpSegment[]) => (segment!.options[2]! << 8) | segment!.options[3]!;
  expect(mssOf(send(network(), ADDRESS, 40_000, {}))).toBe(1460);
  const less = network({ options: { 26: [1400 >> 8, 1400 & 255] } });
  expect(mssOf(send(less, ADDRESS, 40_000, {}))).toBe(1360);
});

test("what goes to other networks goes where the server says: RFC 3442", () => {
  const ways = [16, 10, 9, 10, 0, 2, 9, 24, 10, 9, 9, 10, 0, 2, 8, 24, 10, 8, 8, 0, 0, 0, 0];
  const net = network({ options: { 121: ways } });
  /** Whom it asks for when it has nobody's hardware address for a connection any more. */
  const asked = (from: string, port: number) => {
    const targets = new Set<string>();
    const watch = (frame: Uint8Array): undefined => {
      const parsed = parseEthernet(frame);
      if (parsed?.type === etherType.arp && parsed.to === EVERYBODY)
        targets.add(parseArp(parsed.payload)!.target);
    };
    net.host.onFrame(watch);
    expect(open(net, ADDRESS, port, Uint8Array.of(1, 2, 3), from)).toBe(true);
    net.simulation.run(2 * MINUTE);
    return [...targets].filter((address) => address !== ADDRESS);
  };
  expect(asked("10.9.1.1", 40_000)).toEqual(["10.0.2.9"]);
  expect(asked("10.9.9.1", 40_001)).toEqual(["10.0.2.8"]);
  expect(asked("10.8.8.1", 40_002)).toEqual(["10.8.8.1"]);
});

test("a router in no network of ours is found: networks of one machine", () => {
  const net = dhcpNetwork(program, { mask: "255.255.255.255", routers: ["10.0.2.2"] });
  net.machine.switchOn();
  net.simulation.run(3 * SECOND);
  expect(net.said.at(-1)).toContain(`${ADDRESS}/32 by DHCP from ${ROUTER}, router ${ROUTER}`);
  const answered: string[] = [];
  const seen = (host: Host) =>
    host.onFrame((frame) => {
      const parsed = parseEthernet(frame);
      if (parsed?.type === etherType.ipv4) answered.push(parsed.to);
      return undefined;
    });
  seen(net.host);
  // The renewal is the one thing that it sends of its own accord; the server is not in its network.
  net.simulation.run(13 * HOUR);
  expect(net.server.heard.length).toBeGreaterThan(2);
  expect(answered).toContain(net.host.mac);
});
