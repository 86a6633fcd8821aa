/**
 * One interface that has its address from a DHCP server: what is known of it. RFC 2131 4.4, figure 5:
 *
 *   Init ──> Selecting ──offer──> Requesting ──ack──> Probing ──nobody has it──> Bound <──ack──┐
 *    ^           ^ no answer ──────────┘  │ nak           │ conflict: decline      │ T1        │
 *    ├───────────┼────────────────────────┴───────────────┘                        v           │
 *    │           │                                                              Renewing ──────┤
 *    │           │                                                                 │ T2        │
 *    │           │                                     link is up again            v           │
 *    └───────────┴──── nak, lease is over ──────────────── Rebooting ────────── Rebinding ─────┘
 */
import { Bytes } from "../../core/bytes";
import { Nic } from "../nic";
import { Offer } from "./offer";

export namespace State {
  /** Waits until it begins again: the link is down, or the last address was no good. */
  export const init = 0;
  export const selecting = 1;
  export const requesting = 2;
  /** RFC 5227 2.1: does anybody use the address? */
  export const probing = 3;
  export const bound = 4;
  export const renewing = 5;
  export const rebinding = 6;
  /** RFC 2131 3.2, with the address in use: it may be another network now. */
  export const rebooting = 7;
}

export const NEVER: u64 = u64.MAX_VALUE;
/** RFC 4361 6.1: type, number of the interface, DUID of a hardware address (RFC 8415 11.4). */
const IDENTIFIER: u32 = 15;
const TYPE: u32 = 255;
const DUID_OF_ETHERNET: u32 = 0x00030001;

@final
export class Client {
  state: i32 = State.init;
  /** When it has something to do. */
  nextAt: u64 = NEVER;
  /** How often it has asked, and got no answer. */
  tries: u32 = 0;
  transaction: u32 = 0;
  /** When it began to ask, and when it sent the request that the next answer is to. */
  begunAt: u64 = 0;
  requestedAt: u64 = 0;
  /** What was offered last, or is held. */
  lease: Offer = new Offer();
  renewAt: u64 = NEVER;
  rebindAt: u64 = NEVER;
  endsAt: u64 = NEVER;
  /** How often it had to begin again without having had an address in between. */
  failures: u32 = 0;
  /** That nobody answers was said. */
  isSilenceTold: bool = false;
  wasUp: bool = true;
  /** The longest packet when no server says otherwise. */
  mtu: u32 = 0;
  /** Who it is to the server. */
  identifier: Bytes = new Bytes(new StaticArray<u8>(<i32>IDENTIFIER), 0, IDENTIFIER);

  constructor(
    public nic: Nic,
    /** The router that the description says, which counts more than the server's; 0: none. */
    public gateway: u32,
    /** What the server is told as the host's name; empty: nothing. */
    public hostName: Bytes,
    public next: Client | null,
  ) {}

  /** It has an address. */
  get isHolding(): bool {
    return this.state >= State.bound;
  }

  /** `machine`: the hardware address by which the whole machine is known. */
  identify(machine: u64): void {
    const bytes = this.identifier;
    bytes.setU8(0, TYPE);
    bytes.setBe32(1, <u32>this.nic.index);
    bytes.setBe32(5, DUID_OF_ETHERNET);
    bytes.setBe48(9, machine);
  }
}
