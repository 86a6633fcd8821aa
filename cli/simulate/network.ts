/** What is simulated: the appliances of a description, those in one network on one switch, and somebody there who asks. */
import type { BuildReport } from "#compiler";
import {
  Cable,
  type Conditions,
  DhcpServer,
  Host,
  Machine,
  type Port,
  type Simulation,
  Switch,
  Trunk,
} from "#simulate";
import type { GivenLines } from "../run/given.ts";

/** An appliance, compiled once for however many simulations. */
export interface Built {
  readonly image: Uint8Array;
  /** Values for its slots. */
  readonly given?: GivenLines;
  /** What the image is to V8. */
  readonly program: WebAssembly.Module;
  readonly report: BuildReport;
}

/** A cable between a device of an appliance and the switch of its network. */
export interface Line {
  readonly appliance: string;
  /** `ns1.0`. */
  readonly name: string;
  readonly cable: Cable;
}

export interface Segment {
  /** `10.0.2.0/24` */
  readonly prefix: Prefix;
  readonly switch: Switch;
  /** Who asks there; undefined where no address is left. */
  readonly client: Host | undefined;
}

export interface Network {
  readonly machines: readonly Machine[];
  readonly lines: readonly Line[];
  readonly segments: readonly Segment[];
  /** Name of an appliance → its first address. */
  readonly addresses: ReadonlyMap<string, string>;
}

interface Prefix {
  /** The first address, as a number. */
  readonly base: number;
  readonly length: number;
}

interface Interface {
  readonly appliance: string;
  /** The device that it is on. */
  readonly index: number;
  /** Its virtual network there; 0: what has no tag. */
  readonly vlan: number;
  readonly address: number;
  readonly prefix: Prefix;
  readonly gateway: number | undefined;
  /** A server gives it the address. */
  readonly isAsked: boolean;
}

/** Which address a `net` block says; undefined: it asks for one. */
interface Written {
  readonly index: number;
  readonly vlan: number;
  readonly address: number | undefined;
  readonly length: number;
  readonly gateway: number | undefined;
}

/** As in QEMU's network: the server, and the first address that it gives. */
const [SERVER, FIRST] = [2, 15];
const DHCP_NETWORK = { base: 10 * 2 ** 24 + 2 * 2 ** 8, length: 24 };

export function networkOf(
  simulation: Simulation,
  builds: readonly Built[],
  conditions: Partial<Conditions>,
): Network {
  const interfaces = addressed(builds);
  const machines = builds.map(({ program, report, given }) => {
    const own = interfaces.filter(({ appliance }) => appliance === report.appliance);
    const count = Math.max(0, ...own.map(({ index }) => index + 1));
    return new Machine(simulation, {
      name: report.appliance,
      program,
      given,
      nics: Array.from({ length: count }, () => ({})),
    });
  });
  const segments: Segment[] = [];
  const lines: Line[] = [];
  const trunks = new Map<Port, Trunk>();
  for (const each of interfaces) {
    const segment = segmentFor(simulation, each, interfaces, segments);
    const { port } = machines.find(({ name }) => name === each.appliance)!.devices[each.index]!;
    const isAlone =
      each.vlan === 0 &&
      interfaces.every(
        (other) => other === each || other.appliance !== each.appliance || other.index !== each.index,
      );
    const end = segment.switch.port();
    let cable: Cable | undefined;
    if (isAlone) cable = new Cable(simulation, port, end, conditions);
    else {
      const trunk = trunks.get(port) ?? new Trunk(simulation, `${port.name}.trunk`);
      if (!trunks.has(port)) cable = new Cable(simulation, port, trunk.port, conditions);
      trunks.set(port, trunk);
      new Cable(simulation, trunk.network(each.vlan), end);
    }
    if (cable !== undefined) lines.push({ appliance: each.appliance, name: port.name, cable });
  }
  const addresses = new Map<string, string>();
  for (const { appliance, address } of interfaces)
    if (!addresses.has(appliance)) addresses.set(appliance, dotted(address));
  serve(simulation, interfaces, segments, machines);
  return { machines, lines, segments, addresses };
}

/** Which segment an address is in. */
export const segmentOf = ({ segments }: Network, address: string): Segment | undefined =>
  segments.find(({ prefix }) => isIn(number(address), prefix));

/**
 * All interfaces. Those that ask for an address are in networks that nobody has written an address of: the first of each appliance in one, the second in
 * another, as if `eth0` were the same network everywhere.
 */
function addressed(builds: readonly Built[]): Interface[] {
  const written = builds.map((built) => ({ appliance: built.report.appliance, all: writtenIn(built) }));
  const taken = written.flatMap(({ all }) =>
    all.flatMap(({ address, length }) => (address === undefined ? [] : [prefixOf(address, length)])),
  );
  const networks: Prefix[] = [];
  for (let { base, length } = DHCP_NETWORK; networks.length < 8; base += 2 ** (32 - length))
    if (!taken.some((each) => overlap(each, { base, length }))) networks.push({ base, length });
  const given = new Map<Prefix, number>();
  return written.flatMap(({ appliance, all }) => {
    let asking = 0;
    return all.map(({ address, length, gateway, index, vlan }) => {
      const place = { appliance, index, vlan, gateway };
      if (address !== undefined)
        return { ...place, address, prefix: prefixOf(address, length), isAsked: false };
      const prefix = networks[asking++]!;
      const before = given.get(prefix) ?? 0;
      given.set(prefix, before + 1);
      const own = prefix.base + FIRST + before;
      return { ...place, address: own, prefix, gateway: prefix.base + SERVER, isAsked: true };
    });
  });
}

/** A DHCP server in each network that somebody asks in: everybody gets the address that the description's reader is told, in every run. */
function serve(
  simulation: Simulation,
  interfaces: readonly Interface[],
  segments: readonly Segment[],
  machines: readonly Machine[],
): void {
  let count = 0;
  for (const segment of segments) {
    const asking = interfaces.filter(({ isAsked, prefix }) => isAsked && prefix.base === segment.prefix.base);
    if (asking.length === 0) continue;
    const reserved = new Map(
      asking.map(({ appliance, index, address }) => {
        const { mac } = machines.find(({ name }) => name === appliance)!.devices[index]!;
        return [
          mac
            .toString(16)
            .padStart(12, "0")
            .replace(/..(?=.)/g, "$&:"),
          dotted(address),
        ] as const;
      }),
    );
    const name = count === 0 ? "dhcp" : `dhcp${count + 1}`;
    count += 1;
    const address = `${dotted(segment.prefix.base + SERVER)}/${segment.prefix.length}`;
    const host = new Host(simulation, { name, address });
    new Cable(simulation, host.port, segment.switch.port());
    new DhcpServer(host, { pool: [], reserved });
  }
}

/** One for each `net` block. */
function writtenIn({ report }: Built): Written[] {
  const blocks = report.modules.find(({ path }) => path === "std/net")?.settings ?? [];
  const vlans = blocks.map(({ options }) => Number(options["vlan"]) || 0);
  const devices = devicesOf(
    blocks.map(({ options }) => options["port"]),
    vlans,
  );
  return blocks.map(({ options }, n) => {
    const [, address, length] = /(\d+\.\d+\.\d+\.\d+)\/(\d+)/.exec(options["address"] ?? "") ?? [];
    const [gateway] = /\d+\.\d+\.\d+\.\d+/.exec(options["gateway"] ?? "") ?? [];
    return {
      index: devices[n]!,
      vlan: vlans[n]!,
      address: address === undefined ? undefined : number(address),
      length: Number(length),
      gateway: gateway === undefined ? undefined : number(gateway),
    };
  });
}

/** As `stdlib/net/ethernet/places.ts` does it: who names no device has the next one that nobody names for what has no tag. */
function devicesOf(ports: readonly (string | undefined)[], vlans: readonly number[]): number[] {
  const wishes = ports
    .map((port) => /\d+$/.exec(port ?? "")?.[0])
    .map((text) => (text ? Number(text) : undefined));
  const isNamed = (device: number) => wishes.some((wish, n) => wish === device && vlans[n] === 0);
  let next = 0;
  return wishes.map((wish) => {
    if (wish !== undefined) return wish;
    while (isNamed(next)) next += 1;
    return next++;
  });
}

function segmentFor(
  simulation: Simulation,
  { prefix }: Interface,
  interfaces: readonly Interface[],
  segments: Segment[],
): Segment {
  const known = segments.find((each) => overlap(each.prefix, prefix));
  if (known !== undefined) return known;
  const middle = new Switch(simulation, `switch${segments.length + 1}`);
  const client = clientIn(simulation, prefix, interfaces, segments.length);
  if (client !== undefined) new Cable(simulation, client.port, middle.port());
  const segment = { prefix, switch: middle, client };
  segments.push(segment);
  return segment;
}

/** With the first address that nobody has; that of a router that is not here is the last choice, but better than none. */
function clientIn(
  simulation: Simulation,
  prefix: Prefix,
  interfaces: readonly Interface[],
  count: number,
): Host | undefined {
  const taken = new Set(interfaces.map(({ address }) => address));
  const gateways = new Set(interfaces.map(({ gateway }) => gateway));
  const hosts = hostsOf(prefix).filter((each) => !taken.has(each));
  const address = hosts.find((each) => !gateways.has(each)) ?? hosts[0];
  if (address === undefined) return undefined;
  const name = count === 0 ? "client" : `client${count + 1}`;
  return new Host(simulation, { name, address: `${dotted(address)}/${prefix.length}` });
}

/** The first of them; more appliances are in no description. */
function hostsOf({ base, length }: Prefix): number[] {
  const size = 2 ** (32 - length);
  // RFC 3021: two addresses have no network's and no broadcast address among them.
  const [first, last] = size <= 2 ? [0, size - 1] : [1, size - 2];
  return Array.from({ length: Math.min(last - first + 1, 1024) }, (_, n) => base + first + n);
}

const prefixOf = (address: number, length: number): Prefix => {
  const size = 2 ** (32 - length);
  return { base: Math.floor(address / size) * size, length };
};
const isIn = (address: number, { base, length }: Prefix): boolean => prefixOf(address, length).base === base;
const overlap = (one: Prefix, other: Prefix): boolean => isIn(one.base, other) || isIn(other.base, one);
const number = (address: string): number =>
  address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
