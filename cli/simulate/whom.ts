/** Whom a question is for: an address, or an appliance by its name, over one of the two families. */
import { formatIp, type IpValue, parseIp } from "#lang";
import type { Host } from "#simulate";
import type { Network, Place } from "./network.ts";
import { type Segment, segmentAround } from "./segments.ts";
import { Unclear } from "./unclear.ts";

export type Family = 4 | 6;

export interface Reached {
  readonly client: Host;
  /** The address; undefined as long as a machine has not made itself one. */
  find(): string | undefined;
}

/** `name`: an address or an appliance's name; without either, the only appliance. `family`: if it matters. */
export function reached(
  network: Network,
  text: string,
  name: string | undefined,
  family: Family | undefined,
): Reached {
  const literal = parseIp(name ?? "");
  if (literal.ok) return addressed(network, text, literal.value, family);
  const appliances = [...new Set(network.places.map(({ appliance }) => appliance))];
  const known = `appliances: ${appliances.map((each) => shown(each, network)).join(", ")}`;
  if (name === undefined && appliances.length !== 1)
    throw new Unclear(`\`${text}\` does not say whom`, known);
  const places = network.places.filter(({ appliance }) => appliance === (name ?? appliances[0]));
  if (places.length === 0) throw new Unclear(`\`${text}\`: there is no appliance \`${name}\``, known);
  const of4 = family === 6 ? undefined : places.find(({ address }) => address !== undefined);
  if (of4 !== undefined) {
    const to = formatIp(of4.address!);
    return { client: clientIn(of4.segment, text, to), find: () => to };
  }
  const of6 = family === 4 ? undefined : places.find(has6);
  if (of6 === undefined)
    throw new Unclear(`\`${text}\`: ${places[0]!.appliance} has no address of IPv${family ?? 4}`, known);
  const written = of6.addresses6[0];
  const client = clientIn(of6.segment, text, `${of6.appliance} over IPv6`);
  return { client, find: () => (written === undefined ? madeBy(of6) : formatIp(written)) };
}

function addressed(network: Network, text: string, address: IpValue, family: Family | undefined): Reached {
  const to = formatIp(address);
  if (family !== undefined && family !== address.family)
    throw new Unclear(`\`${text}\`: ${to} is no address of IPv${family}`);
  const segments = network.segments.filter(({ client }) => client?.host6 !== undefined);
  const isOfLink = to.startsWith("fe80:");
  const segment = isOfLink
    ? (segments.find(({ client }) => client?.host6?.claimed.has(to)) ?? segments[0])
    : segmentAround(network.segments, address);
  return { client: clientIn(segment, text, to), find: () => to };
}

const has6 = ({ addresses6, isAdvertised }: Place): boolean => addresses6.length > 0 || isAdvertised;

/** The address that a machine has made itself for the prefix of its router: it asks all others about it before it takes it. */
function madeBy({ segment, mac }: Place): string | undefined {
  const claimed = segment.client?.host6?.claimed ?? new Map<string, string>();
  return [...claimed].find(([address, by]) => by === mac && !address.startsWith("fe80:"))?.[0];
}

function clientIn(segment: Segment | undefined, text: string, whom: string): Host {
  const host = segment?.client?.host;
  if (host === undefined) throw new Unclear(`\`${text}\`: nobody in the simulation can reach ${whom}`);
  return host;
}

function shown(appliance: string, { places }: Network): string {
  const [first] = places.filter((each) => each.appliance === appliance);
  const address = first?.address ?? first?.addresses6[0];
  return address === undefined ? appliance : `${appliance} (${formatIp(address)})`;
}
