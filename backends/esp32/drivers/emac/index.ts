/** The chip's own Ethernet MAC: there is one. */
import { Link } from "../../../../stdlib/net/link";
import { Carrier } from "./carrier";
import { Emac } from "./emac";
import * as clock from "./needs/clock";

const MOST_LINKS = 4;

const links = new StaticArray<Emac | null>(MOST_LINKS);
const carrier = new Carrier();

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new Emac();
    links[index] = found;
  }
  return found;
}

/** The first link has the device. */
export function start(): void {
  const first = links[0];
  if (first == null) return;
  first.start();
  carrier.start(clock.now());
}

export function poll(now: u64): void {
  const first = links[0];
  if (first != null && now >= carrier.due) carrier.go(first, now);
}

export function deadline(): u64 {
  return links[0] == null ? u64.MAX_VALUE : carrier.due;
}

/** Before sleep: the device will interrupt. False when there is something to do already. */
export function rest(): bool {
  const first = links[0];
  return first == null || first.rest();
}
