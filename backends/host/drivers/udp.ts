/** net.Udp over sockets of the host. */
import { Bytes } from "../../../stdlib/core/bytes";
import { Peer, Responder } from "../../../stdlib/net/udp";
import {
  reply as answer,
  listen,
  peerFamily,
  peerHigh,
  peerLow,
  peerPort,
  receive,
  sendTo,
  socketOf,
} from "./host";

const MOST_PORTS = 16;
/** The largest UDP payload. */
const LARGEST: u32 = 65_507;
/** Datagrams that one turn takes at most. */
const BUDGET = 256;

/** Of our own: what every path takes in one piece. */
const OWN: u32 = 1232;

const highs = new StaticArray<u64>(MOST_PORTS);
const lows = new StaticArray<u64>(MOST_PORTS);
const ports = new StaticArray<u32>(MOST_PORTS);
const responders = new StaticArray<Responder | null>(MOST_PORTS);
let bound = 0;

const incoming = new Bytes(new StaticArray<u8>(<i32>LARGEST), 0, LARGEST);
const room = new Bytes(new StaticArray<u8>(<i32>LARGEST), 0, LARGEST);
const own = new Bytes(new StaticArray<u8>(<i32>OWN), 0, OWN);
const request = new Bytes(new StaticArray<u8>(0), 0, 0);
const reply = new Bytes(new StaticArray<u8>(0), 0, 0);
const peer = new Peer();

/** In `prepare`: see std/net/udp. */
export function bind(high: u64, low: u64, port: u32, responder: Responder): bool {
  for (let n = 0; n < bound; n++) {
    const same = highs[n] == high && lows[n] == low;
    const isAny = (high | low) == 0 || (highs[n] | lows[n]) == 0;
    if (ports[n] == port && (same || isAny)) return false;
  }
  if (bound == MOST_PORTS) return false;
  highs[bound] = high;
  lows[bound] = low;
  ports[bound] = port;
  responders[bound] = responder;
  bound += 1;
  return true;
}

export function start(): void {
  for (let n = 0; n < bound; n++) listen(n, highs[n], lows[n], ports[n]);
}

export function poll(_now: u64): void {
  for (let taken = 0; taken < BUDGET; taken++) {
    const length = receive(incoming.pointer(0, LARGEST), LARGEST);
    if (length < 0) return;
    // An answer to port 0 cannot be sent.
    if (peerPort() == 0) continue;
    const responder = responders[socketOf()]!;
    peer.family = <u8>peerFamily();
    peer.high = peerHigh();
    peer.low = peerLow();
    peer.port = <u16>peerPort();
    request.window(incoming, 0, <u32>length);
    reply.window(room, 0, min(responder.most, LARGEST));
    const size = responder.respond(request, reply, peer);
    if (size > 0) answer(reply.pointer(0, size), size);
  }
}

let toHigh: u64 = 0;
let toLow: u64 = 0;

/** Begins a datagram of our own: see std/net/udp. */
export function outgoing(high: u64, low: u64): Bytes | null {
  toHigh = high;
  toLow = low;
  reply.window(own, 0, OWN);
  return reply;
}

/** The host chooses where it comes from. */
export function send(_port: u32, toPort: u32, size: u32): void {
  sendTo(toHigh, toLow, toPort, reply.pointer(0, size), size);
}

export function cancel(): void {}

/** The host keeps what it sends until it knows where to. */
export function isHeld(_high: u64, _low: u64): bool {
  return false;
}
