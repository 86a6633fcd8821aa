/** What belongs to one connection: the frames between two ports of two hosts, in both directions. */
import type { Event } from "./events.ts";
import { parseEthernet, parseIpv4, protocol } from "./wire/parse.ts";

const names: Readonly<Record<number, string>> = { [protocol.tcp]: "TCP", [protocol.udp]: "UDP" };

/** `10.0.2.2:4000 - 10.0.2.15:53 UDP`, the same for both directions; undefined for what is of no connection, and for later fragments. */
export function flowOf(frame: Uint8Array): string | undefined {
  const ethernet = parseEthernet(frame);
  const packet = ethernet?.type === 0x0800 ? parseIpv4(ethernet.payload) : undefined;
  const name = packet && names[packet.protocol];
  if (name === undefined || packet === undefined || packet.offset > 0 || packet.payload.length < 4)
    return undefined;
  const port = (at: number) => packet.payload[at]! * 256 + packet.payload[at + 1]!;
  const ends = [`${packet.from}:${port(0)}`, `${packet.to}:${port(2)}`];
  return `${ends.toSorted().join(" - ")} ${name}`;
}

/** The events of each connection, in the order in which they began. */
export function flows(events: readonly Event[]): ReadonlyMap<string, readonly Event[]> {
  const all = new Map<string, Event[]>();
  for (const event of events) {
    const flow = "frame" in event ? flowOf(event.frame) : undefined;
    if (flow === undefined) continue;
    const known = all.get(flow);
    if (known === undefined) all.set(flow, [event]);
    else known.push(event);
  }
  return all;
}
