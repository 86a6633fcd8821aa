/** Between whom a segment without a connection goes: resets, and answers to who wants one. */
import { Datagram } from "../datagrams";
import { Nic } from "../nic";
import { Control } from "./block";

@final
export class Ends {
  nic: Nic | null = null;
  /** Where the other side was heard last; 0: not known. */
  hardware: u64 = 0;
  localHigh: u64 = 0;
  local: u64 = 0;
  high: u64 = 0;
  low: u64 = 0;

  copy(other: Ends): void {
    this.nic = other.nic;
    this.hardware = other.hardware;
    this.localHigh = other.localHigh;
    this.local = other.local;
    this.high = other.high;
    this.low = other.low;
  }
}

/** One for all: it is filled in right before a segment is sent. */
const ends = new Ends();

/** Of a connection that is to end. */
export function endsOf(c: Control): Ends {
  ends.nic = c.nic;
  ends.hardware = c.hardware;
  ends.localHigh = c.localHigh;
  ends.local = c.local;
  ends.high = c.high;
  ends.low = c.low;
  return ends;
}

/** Back to whom this came from. */
export function endsOfAnswer(datagram: Datagram): Ends {
  ends.nic = datagram.nic;
  ends.hardware = datagram.hardware;
  ends.localHigh = datagram.destinationHigh;
  ends.local = datagram.destination;
  ends.high = datagram.sourceHigh;
  ends.low = datagram.source;
  return ends;
}
