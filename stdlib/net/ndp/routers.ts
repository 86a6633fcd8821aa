/** Who takes what routers tell: nobody, where everything is written in the description. */
import { Datagram } from "../datagrams";
import { Nic } from "../nic";

export abstract class RouterListener {
  /** An address of its link is ready: routers can be asked. */
  abstract ready(nic: Nic, now: u64): void;
  /** An advertisement came from this link, and its options can be read. */
  abstract advertised(datagram: Datagram, now: u64): void;
}

let to: RouterListener | null = null;

/** In `prepare`. */
export function setListener(listener: RouterListener): void {
  to = listener;
}

export function listener(): RouterListener | null {
  return to;
}
