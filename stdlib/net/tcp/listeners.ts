/** Ports that connections are taken on. */
import { Acceptor } from "../tcp";

@final
export class Listener {
  constructor(
    public address: u64,
    public port: u32,
    public acceptor: Acceptor,
    public next: Listener | null,
  ) {}
}

let listeners: Listener | null = null;

/** In `prepare`. False when the port is taken. Address 0 is any. */
export function add(address: u64, port: u32, acceptor: Acceptor): bool {
  let other: Listener | null = listeners;
  while (other != null) {
    const overlaps = other.address == address || other.address == 0 || address == 0;
    if (other.port == port && overlaps) return false;
    other = other.next;
  }
  listeners = new Listener(address, port, acceptor, listeners);
  return true;
}

export function find(address: u64, port: u32): Acceptor | null {
  let each: Listener | null = listeners;
  while (each != null) {
    if (each.port == port && (each.address == 0 || each.address == address)) return each.acceptor;
    each = each.next;
  }
  return null;
}
