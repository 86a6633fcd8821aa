/** What is simulated: the appliances of a description, those in one network on one switch, and somebody there who asks. */
import type { BuildReport } from "#compiler";
import { Cable, type Conditions, Host, Machine, type Simulation, Switch } from "#simulate";

/** An appliance, compiled once for however many simulations. */
export interface Built {
  readonly image: Uint8Array;
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
  /** `10.0.2.0/24`; undefined of an interface whose address is not written down. */
  readonly prefix: Prefix | undefined;
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
  readonly index: number;
  readonly address: number | undefined;
  readonly prefix: Prefix | undefined;
  readonly gateway: number | undefined;
}

export function networkOf(
  simulation: Simulation,
  builds: readonly Built[],
  conditions: Partial<Conditions>,
): Network {
  const interfaces = builds.flatMap(interfacesOf);
  const machines = builds.map(({ program, report }) => {
    const count = interfaces.filter(({ appliance }) => appliance === report.appliance).length;
    return new Machine(simulation, {
      name: report.appliance,
      program,
      nics: Array.from({ length: count }, () => ({})),
    });
  });
  const segments: Segment[] = [];
  const lines: Line[] = [];
  for (const each of interfaces) {
    const segment = segmentFor(simulation, each, interfaces, segments);
    const device = machines.find(({ name }) => name === each.appliance)!.devices[each.index]!;
    const cable = new Cable(simulation, device.port, segment.switch.port(), conditions);
    lines.push({ appliance: each.appliance, name: device.port.name, cable });
  }
  const addresses = new Map<string, string>();
  for (const { appliance, address } of interfaces)
    if (address !== undefined && !addresses.has(appliance)) addresses.set(appliance, dotted(address));
  return { machines, lines, segments, addresses };
}

/** Which segment an address is in. */
export const segmentOf = ({ segments }: Network, address: string): Segment | undefined =>
  segments.find(({ prefix }) => prefix !== undefined && isIn(number(address), prefix));

/** One for each `net` block, in the order of the devices. */
function interfacesOf({ report }: Built): Interface[] {
  const blocks = report.modules.find(({ path }) => path === "std/net")?.settings ?? [];
  return blocks.map(({ options }, index) => {
    const [, address, length] = /(\d+\.\d+\.\d+\.\d+)\/(\d+)/.exec(options["address"] ?? "") ?? [];
    const [gateway] = /\d+\.\d+\.\d+\.\d+/.exec(options["gateway"] ?? "") ?? [];
    return {
      appliance: report.appliance,
      index,
      address: address === undefined ? undefined : number(address),
      prefix: address === undefined ? undefined : prefixOf(number(address), Number(length)),
      gateway: gateway === undefined ? undefined : number(gateway),
    };
  });
}

function segmentFor(
  simulation: Simulation,
  { prefix }: Interface,
  interfaces: readonly Interface[],
  segments: Segment[],
): Segment {
  const known = segments.find(
    (each) => each.prefix !== undefined && prefix !== undefined && overlap(each.prefix, prefix),
  );
  if (known !== undefined) return known;
  const middle = new Switch(simulation, `switch${segments.length + 1}`);
  const client = prefix && clientIn(simulation, prefix, interfaces, segments.length);
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
