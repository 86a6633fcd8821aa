/** The networks that appliances are in, and who else is there: somebody who asks, and servers and routers where one of them is wanted. */
import { contains, formatIp, formatPrefix, type IpValue, type PrefixValue } from "#lang";
import { Cable, Dhcp6Server, DhcpServer, Host, Host6, Router6, type Simulation, Switch } from "#simulate";
import { at, type Interface, overlap, SERVER, unused } from "./interfaces.ts";

export interface Client {
  readonly host: Host;
  /** Undefined where nobody speaks it. */
  readonly host6: Host6 | undefined;
}

export interface Segment {
  readonly interfaces: readonly Interface[];
  readonly networks: readonly PrefixValue[];
  readonly switch: Switch;
  /** Who asks there; undefined where no address is left. */
  readonly client: Client | undefined;
}

/** What routers tell machines of that make themselves addresses; and the next ones, if somebody else is in it. RFC 3849. */
const ADVERTISED: PrefixValue = {
  kind: "prefix",
  ip: { kind: "ip", family: 6, bits: 0x2001_0db8_0001_0000n << 64n },
  length: 64,
};
/** Of which a client is that is where nobody has IPv4. */
const ELSEWHERE: PrefixValue = {
  kind: "prefix",
  ip: { kind: "ip", family: 4, bits: 0x0a00_0200n },
  length: 24,
};
const ROUTER = 1n;
/** The first address that a DHCPv6 server gives: behind those of clients. */
const FIRST6 = 0x1_0000n;
const [ROUTER_OF_LINK, CLIENT_OF_LINK] = ["fe80::1", "fe80::c"];
/** A host's number that is looked for; more appliances are in no description. */
const MOST_HOSTS = 1024n;

/** `macOf` knows the hardware address of the device that an interface is on. */
export function segmentsOf(
  simulation: Simulation,
  interfaces: readonly Interface[],
  macOf: (of: Interface) => string,
): Segment[] {
  const groups = grouped(interfaces);
  const taken = interfaces.flatMap(({ networks }) => networks);
  const advertised = unused(ADVERTISED, taken, groups.length);
  const counts = { servers: 0, routers: 0 };
  return groups.map((group, n) => {
    const middle = new Switch(simulation, `switch${n + 1}`);
    const join = (host: Host) => new Cable(simulation, host.port, middle.port());
    const isAdvertised = group.some((each) => each.isAdvertised);
    const networks = group.flatMap((each) => each.networks);
    if (isAdvertised) networks.push(advertised[n]!);
    const client = clientIn(simulation, numbered("client", n), group, networks);
    if (client !== undefined) join(client.host);
    const asking = group.filter(({ isAsked }) => isAsked);
    if (asking.length > 0) {
      const [network] = asking[0]!.networks as [PrefixValue];
      const host = hostAt(simulation, numbered("dhcp", counts.servers++), at(network, SERVER), network);
      join(host);
      // Everybody gets the address that the description's reader is told, in every run.
      const reserved = new Map(asking.map((each) => [macOf(each), formatIp(each.address!)]));
      new DhcpServer(host, { pool: [], reserved });
    }
    if (isAdvertised) {
      const { ip, length } = advertised[n]!;
      const name = numbered("router", counts.routers++);
      const host = new Host(simulation, { name, address: "0.0.0.0/32" });
      join(host);
      const asking6 = group.filter((each) => each.isManaged);
      // Who asks a server needs none that it makes itself, as in networks that have such a server.
      const isAutonomous = group.some((each) => each.isAdvertised && !each.isManaged);
      new Router6(host, {
        addresses: [ROUTER_OF_LINK, formatIp(at(advertised[n]!, ROUTER))],
        isManaged: asking6.length > 0,
        prefixes: [{ prefix: formatIp(ip), length, isAutonomous }],
      });
      const pool = asking6.map((_, index) => formatIp(at(advertised[n]!, FIRST6 + BigInt(index))));
      if (pool.length > 0) new Dhcp6Server(host, { pool });
    }
    return { interfaces: group, networks, switch: middle, client };
  });
}

/** Which segment an address is in. */
export const segmentAround = (segments: readonly Segment[], address: IpValue): Segment | undefined =>
  segments.find(({ networks }) => networks.some((each) => contains(each, address)));

/** Those with a network in common are on one switch. */
function grouped(interfaces: readonly Interface[]): Interface[][] {
  const groups: Interface[][] = [];
  for (const each of interfaces) {
    const known = groups.find((group) =>
      group.some(({ networks }) =>
        networks.some((one) => each.networks.some((other) => overlap(one, other))),
      ),
    );
    if (known === undefined) groups.push([each]);
    else known.push(each);
  }
  return groups;
}

/** With the first address that nobody has, in each network. */
function clientIn(
  simulation: Simulation,
  name: string,
  group: readonly Interface[],
  networks: readonly PrefixValue[],
): Client | undefined {
  const network4 = networks.find(({ ip }) => ip.family === 4) ?? ELSEWHERE;
  const address = freeIn(network4, group);
  if (address === undefined) return undefined;
  const host = hostAt(simulation, name, address, network4);
  const networks6 = new Map(
    networks.filter(({ ip }) => ip.family === 6).map((each) => [formatPrefix(each), each]),
  );
  const addresses = [...networks6.values()].flatMap((each) => freeIn(each, group) ?? []);
  const host6 =
    networks6.size === 0
      ? undefined
      : new Host6(host, { addresses: [CLIENT_OF_LINK, ...addresses.map(formatIp)] });
  return { host, host6 };
}

/** An address that nobody has; that of a router that is not here is the last choice, but better than none. */
function freeIn({ ip, length }: PrefixValue, group: readonly Interface[]): IpValue | undefined {
  const same = (all: readonly (IpValue | undefined)[]) =>
    new Set(all.flatMap((each) => (each?.family === ip.family ? [each.bits] : [])));
  const taken = same(group.flatMap(({ address, addresses6 }) => [address, ...addresses6]));
  const gateways = same(group.flatMap((each) => each.gateways));
  const free = numbersOf({ kind: "prefix", ip, length })
    .map((number) => ip.bits + number)
    .filter((bits) => !taken.has(bits));
  const bits = free.find((each) => !gateways.has(each)) ?? free[0];
  return bits === undefined ? undefined : { ...ip, bits };
}

/** The first of them. The numbers 0 and 1 of what routers tell of are a router's. */
function numbersOf({ ip, length }: PrefixValue): bigint[] {
  const size = 1n << BigInt((ip.family === 4 ? 32 : 128) - length);
  // RFC 3021 and RFC 6164: two addresses have no network's and no broadcast address among them.
  const [first, last] = size <= 2n ? [0n, size - 1n] : ip.family === 4 ? [1n, size - 2n] : [2n, size - 1n];
  const count = last - first + 1n < MOST_HOSTS ? last - first + 1n : MOST_HOSTS;
  return Array.from({ length: Number(count) }, (_, n) => first + BigInt(n));
}

const hostAt = (simulation: Simulation, name: string, address: IpValue, { length }: PrefixValue): Host =>
  new Host(simulation, { name, address: `${formatIp(address)}/${length}` });

/** `client`, `client2`, `client3` … */
const numbered = (name: string, before: number): string => (before === 0 ? name : `${name}${before + 1}`);
