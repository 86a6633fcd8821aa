/** Fragments that a scripted host has got: RFC 791 3.2, without any cleverness. */
import { concat } from "./wire/packets.ts";
import type { Ipv4Packet } from "./wire/parse.ts";

/** Packets that are put together at once; then the oldest is forgotten. */
const MOST_PACKETS = 32;
/** Fragments of one packet. */
const MOST_FRAGMENTS = 1024;
const LONGEST = 65_535;

export class Reassembly {
  readonly #parts = new Map<string, Ipv4Packet[]>();

  /** The packet, if it is a whole one, or whole with this fragment. */
  whole(packet: Ipv4Packet): Ipv4Packet | undefined {
    if (packet.offset === 0 && !packet.moreFragments) return packet;
    if (packet.offset + packet.payload.length > LONGEST) return undefined;
    const key = [packet.from, packet.to, packet.protocol, packet.identification].join(" ");
    const parts = this.#parts.get(key) ?? [];
    if (parts.length < MOST_FRAGMENTS) parts.push(packet);
    this.#parts.set(key, parts);
    const payload = joined(parts);
    if (payload !== undefined) this.#parts.delete(key);
    else if (this.#parts.size > MOST_PACKETS) this.#parts.delete(this.#parts.keys().next().value!);
    return payload && { ...packet, offset: 0, moreFragments: false, payload };
  }
}

/** Undefined while something is missing. */
function joined(parts: readonly Ipv4Packet[]): Uint8Array | undefined {
  if (!parts.some(({ moreFragments }) => !moreFragments)) return undefined;
  const inOrder = parts.toSorted((one, other) => one.offset - other.offset);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { offset, payload } of inOrder) {
    if (offset > at) return undefined;
    if (offset + payload.length <= at) continue;
    pieces.push(payload.subarray(at - offset));
    at = offset + payload.length;
  }
  return concat(...pieces);
}
