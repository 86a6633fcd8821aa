/** Network devices: there is one. */
import { Link } from "../../../../stdlib/net/link";
import { OpenEth } from "./open-eth";

const MOST_LINKS = 4;

const links = new StaticArray<OpenEth | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new OpenEth();
    links[index] = found;
  }
  return found;
}

/** The first link has the device. */
export function start(): void {
  const first = links[0];
  if (first != null) first.start();
}

/** Before sleep: the device will interrupt. False when there is something to do already. */
export function rest(): bool {
  const first = links[0];
  return first == null || first.rest();
}
