/** Ports that connections are taken on. */
import { Acceptor } from "../tcp";

@final
export class Listener {
  constructor(
    public high: u64,
    public low: u64,
    public port: u32,
    public acceptor: Acceptor,
    public next: Listener | null,
  ) {}
}

let listeners: Listener | null = null;

/** In `prepare`. False when the port is taken. 0 and 0 are any address. */
export function add(high: u64, low: u64, port: u32, acceptor: Acceptor): bool {
  let other: Listener | null = listeners;
  while (other != null) {
    const same = other.low == low && other.high == high;
    const overlaps = same || (high | low) == 0 || (other.high | other.low) == 0;
    if (other.port == port && overlaps) return false;
    other = other.next;
  }
  listeners = new Listener(high, low, port, acceptor, listeners);
  return true;
}

export function find(high: u64, low: u64, port: u32): Acceptor | null {
  let each: Listener | null = listeners;
  while (each != null) {
    const fits = (each.high | each.low) == 0 || (each.low == low && each.high == high);
    if (each.port == port && fits) return each.acceptor;
    each = each.next;
  }
  return null;
}
