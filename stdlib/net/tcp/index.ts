/** TCP, RFC 9293, over IPv4 and IPv6. docs/network.md says what of which RFC is here, and what is not. */
import { isSmall } from "../../core/machine";
import { AddressWatcher } from "../addresses";
import { Datagram, DatagramHandler, Failure } from "../datagrams";
import { Nic } from "../nic";
import { Acceptor, Ended, Session, Stream } from "../tcp";
import { State } from "./block";
import { connect as begin } from "./connect";
import { detachDirty, hasDirty, markDirty } from "./dirty";
import { end } from "./ending";
import { expire } from "./expire";
import { failed } from "./failure";
import { setLimits } from "./handshake";
import { input } from "./input";
import * as limits from "./limits";
import * as listeners from "./listeners";
import { now as clock } from "./needs/clock";
import * as ip from "./needs/ip";
import { flush } from "./output";
import * as pieces from "./pieces";
import * as pools from "./pools";
import { hasLate, sendLate } from "./resets";
import * as secret from "./secret";
import { askStarving, starvingDeadline } from "./starving";
import * as table from "./table";
import * as timers from "./timers";
import { PROTOCOL } from "./wire";

export { measure } from "./measures";

/** When the device has no buffer for what is to be sent. */
const AGAIN: u64 = 1_000_000;

let attached = false;
/** Something could not be sent: it is tried again then. */
let blockedUntil: u64 = 0;

@final
class Receiver extends DatagramHandler {
  receive(datagram: Datagram): void {
    input(datagram);
  }

  failed(failure: Failure): void {
    failed(failure);
  }
}

/** Connections end with their address: the other side could not be told any more. */
@final
class Watcher extends AddressWatcher {
  gone(nic: Nic, high: u64, low: u64): void {
    for (let place = 0; place < table.places(); place++) {
      let c = table.anyAt(place, nic, high, low);
      while (c != null) {
        end(c, Ended.readdressed);
        c = table.anyAt(place, nic, high, low);
      }
    }
  }
}

/** Of what is sent, for all connections together besides two for each. */
const PIECES: u32 = isSmall ? 16 : 64;

let reserved: u32 = 0;
let largestWindow: u32 = 0;

/**
 * In `prepare`: places for so many connections more. `window`: bytes that one of them may receive before its application takes them;
 * `memory`: bytes for what all of them have received and not taken, and as many for copies of what they send.
 */
export function reserve(connections: u32, window: u32, memory: u32): void {
  reserved += connections;
  largestWindow = max(largestWindow, window);
  table.make(reserved);
  timers.make(<i32>reserved);
  pools.make(connections, memory / pools.BLOCK);
  pieces.make(connections * 2 + PIECES, memory / pieces.COPY);
  limit(max(reserved / 4, 16), max(reserved / 2, 16));
}

/** In `prepare`, after `reserve`: of all connections those that are only begun, and those of one address (IPv6: of one /64). */
export function limit(halfOpen: u32, perSource: u32): void {
  limits.setMost(perSource);
  setLimits(halfOpen, largestWindow);
}

/** In `prepare`: connections to this port of this address (0 and 0: any) are `acceptor`'s. False when the port is taken. */
export function listen(high: u64, low: u64, port: u32, acceptor: Acceptor): bool {
  attach();
  return listeners.add(high, low, port, acceptor);
}

/** In `prepare`: this appliance will have connections. */
export function attach(): void {
  if (attached) return;
  attached = true;
  ip.register(PROTOCOL, new Receiver(), new Receiver());
  ip.watch(new Watcher());
}

/**
 * Begins a connection of our own; `session` is told by `writable` that it is there, and by `ended` that it will not be. Null: there is
 * no way to that address, or no place. `attach` was called in `prepare`.
 */
export function connect(high: u64, low: u64, port: u32, session: Session): Stream | null {
  return begin(high, low, port, session, clock());
}

export function start(): void {
  secret.begin();
  limits.begin();
}

export function poll(now: u64): void {
  let c = timers.due(now);
  while (c != null) {
    expire(c, now);
    c = timers.due(now);
  }
  askStarving(now);
  blockedUntil = 0;
  if (!sendLate()) blockedUntil = now + AGAIN;
  let each = detachDirty();
  while (each != null) {
    const next = each.nextDirty;
    each.nextDirty = null;
    each.isDirty = false;
    if (each.state != State.closed && !flush(each, now)) {
      markDirty(each);
      blockedUntil = now + AGAIN;
    }
    each = next;
  }
}

export function deadline(): u64 {
  const at = min(timers.deadline(), starvingDeadline());
  return hasDirty() || hasLate() ? min(blockedUntil, at) : at;
}

/** Connections: those that are, those half open, those that wait out their time. */
export function open(): u32 {
  return table.connections();
}
export function halfOpen(): u32 {
  return table.halfOpenConnections();
}
export function waiting(): u32 {
  return table.waitingConnections();
}
