/** The interfaces of appliances, as their `net` blocks say, and the networks that they are in. */
import type { BuildReport } from "#compiler";
import { contains, type IpValue, networkOf, type PrefixValue, parseIp, parsePrefix } from "#lang";
import { netBlocks } from "../net-blocks.ts";
import type { GivenLines } from "../run/given.ts";
import { addressIn } from "../run/image.ts";

export interface Interface {
  readonly appliance: string;
  /** The device that it is on. */
  readonly index: number;
  /** Its virtual network there; 0: what has no tag. */
  readonly vlan: number;
  /** Its first address of IPv4: written, or what the server in its network will give it. */
  readonly address: IpValue | undefined;
  /** A server gives it the address. */
  readonly isAsked: boolean;
  /** Written addresses of IPv6. */
  readonly addresses6: readonly IpValue[];
  /** It takes addresses of IPv6 from what a router tells. */
  readonly isAdvertised: boolean;
  /** It asks a DHCPv6 server if that router says so. */
  readonly isManaged: boolean;
  /** Of all addresses: written ones, and for those that ask the network that they are put in. */
  readonly networks: readonly PrefixValue[];
  readonly gateways: readonly IpValue[];
}

interface Equipped {
  readonly report: BuildReport;
  /** Values for its slots. */
  readonly given?: GivenLines;
}

/** What a `net` block says. */
interface Written {
  readonly index: number;
  readonly vlan: number;
  readonly prefixes: readonly PrefixValue[];
  readonly gateways: readonly IpValue[];
  readonly asks: boolean;
  readonly isAdvertised: boolean;
  readonly isManaged: boolean;
}

/** As in QEMU's network: the server, and the first address that it gives. */
export const SERVER = 2n;
const FIRST = 15n;
/** The network of those that ask for an address; and the next ones, if somebody else is in it. */
const ASKING: PrefixValue = { kind: "prefix", ip: { kind: "ip", family: 4, bits: 0x0a00_0200n }, length: 24 };

/**
 * All interfaces. Those that ask for an address are in networks that nobody has written an address of: the first of each appliance in one, the second in
 * another, as if `eth0` were the same network everywhere.
 */
export function interfacesOf(builds: readonly Equipped[]): Interface[] {
  const written = builds.map((each) => ({ appliance: each.report.appliance, all: writtenIn(each) }));
  const taken = written.flatMap(({ all }) => all.flatMap(({ prefixes }) => prefixes));
  const networks = unused(ASKING, taken, Math.max(0, ...written.map(({ all }) => all.length)));
  const given = new Map<PrefixValue, bigint>();
  return written.flatMap(({ appliance, all }) => {
    let asking = 0;
    return all.map(({ index, vlan, prefixes, gateways, asks, isAdvertised, isManaged }) => {
      const of = (family: 4 | 6) => prefixes.filter(({ ip }) => ip.family === family).map(({ ip }) => ip);
      const place = { appliance, index, vlan, gateways, isAdvertised, isManaged, addresses6: of(6) };
      if (prefixes.length > 0)
        return { ...place, address: of(4)[0], isAsked: false, networks: prefixes.map(networkOf) };
      const network = networks[asking++]!;
      if (!asks) return { ...place, address: undefined, isAsked: false, networks: [network] };
      const before = given.get(network) ?? 0n;
      given.set(network, before + 1n);
      const router = at(network, SERVER);
      return {
        ...place,
        address: at(network, FIRST + before),
        isAsked: true,
        networks: [network],
        gateways: [...gateways, router],
      };
    });
  });
}

/** The address of a network with this number. */
export const at = (network: PrefixValue, number: bigint): IpValue => ({
  ...network.ip,
  bits: network.ip.bits + number,
});

export const overlap = (one: PrefixValue, other: PrefixValue): boolean =>
  contains(one, other.ip) || contains(other, one.ip);

/** Networks like the first one that overlap with none of these. */
export function unused(first: PrefixValue, taken: readonly PrefixValue[], count: number): PrefixValue[] {
  const found: PrefixValue[] = [];
  const size = 1n << BigInt((first.ip.family === 4 ? 32 : 128) - first.length);
  for (let next = first; found.length < count; next = { ...next, ip: at(next, size) })
    if (!taken.some((each) => overlap(each, next))) found.push(next);
  return found;
}

/** One for each `net` block. */
function writtenIn({ report, given }: Equipped): Written[] {
  return netBlocks(report).map(({ options, device, vlan }) => {
    const { autoconf, dhcp6 } = options;
    const address = addressIn(options["address"], report, given);
    const asks = address === "dhcp";
    return {
      index: device,
      vlan,
      prefixes: all(address, parsePrefix),
      gateways: all(addressIn(options["gateway"], report, given), parseIp),
      asks,
      isManaged: dhcp6 === "true",
      isAdvertised: autoconf === "true" || (autoconf !== "false" && (asks || address === "slaac")),
    };
  });
}

/** What of a printed value can be read so: of one address, or of a list. */
const all = <T>(text: string, read: (word: string) => { readonly ok: boolean; readonly value?: T }): T[] =>
  text.split(/[[\],;\s]+/).flatMap((word) => {
    const { ok, value } = read(word);
    return ok && value !== undefined ? [value] : [];
  });
