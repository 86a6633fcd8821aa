/**
 * One interface that has an address from a DHCPv6 server if a router says so: what is known of it. RFC 9915 18.2:
 *
 *   idle ──M──> soliciting ──advertised──> requesting ──reply──> bound <──reply──┐
 *    │             ^  ^ │ reply at once ────────────────────────^ │ T1           │
 *    │             │  │ no answer, refused ──────┘                v              │
 *    │             │  └── declining <── somebody has it        renewing ─────────┤
 *    │             │                                              │ T2           │
 *    │             │                       link is up again       v              │
 *    │             └──── not on link, life is over ── confirming ─ rebinding ────┘
 *    └──O──> informing ──reply──> informed
 */
import { Bytes } from "../../core/bytes";
import { Nic } from "../nic";
import { NEVER } from "../own";
import { Answer } from "./answer";

export namespace State {
  /** No router wants anything of it, or the link is down. */
  export const idle = 0;
  /** Waits until it begins again: the last address was no good. */
  export const waiting = 1;
  export const soliciting = 2;
  export const requesting = 3;
  export const declining = 4;
  export const bound = 5;
  export const renewing = 6;
  export const rebinding = 7;
  /** RFC 9915 18.2.3, with the address in use: it may be another network now. */
  export const confirming = 8;
  /** RFC 9915 18.2.6: name servers, no address. */
  export const informing = 9;
  export const informed = 10;
}

/** RFC 9915 11.4: type, Ethernet. */
const DUID_OF_ETHERNET: u32 = 0x00030001;
const DUID: u32 = 10;

@final
export class Client {
  state: i32 = State.idle;
  /** When it has something to do. */
  nextAt: u64 = NEVER;
  /** A router has said that addresses are a server's to give, or what is no address: until the link is another one. */
  isManaged: bool = false;
  isOther: bool = false;
  /** Of the exchange: its number, how often was asked, the last wait, and since when. */
  transaction: u32 = 0;
  tries: u32 = 0;
  wait: u64 = 0;
  begunAt: u64 = 0;
  /** The longest waits that servers have asked for, in seconds; 0: the usual ones. */
  solicitMost: u32 = 0;
  informationMost: u32 = 0;
  /** The best that was advertised, or what is held or asked for. */
  lease: Answer = new Answer();
  isAdvertised: bool = false;
  /** The address of ours; upper half 0: none. */
  high: u64 = 0;
  low: u64 = 0;
  /** Nobody else has it: people were told. */
  isTold: bool = false;
  renewAt: u64 = NEVER;
  rebindAt: u64 = NEVER;
  endsAt: u64 = NEVER;
  /** How often it had to begin again without having had an address in between. */
  failures: u32 = 0;
  /** That nobody answers was said. */
  isSilenceTold: bool = false;
  wasUp: bool = true;
  /** Who it is to the server. */
  duid: Bytes = new Bytes(new StaticArray<u8>(<i32>DUID), 0, DUID);

  constructor(
    public nic: Nic,
    /** What the server is told as the host's name; empty: nothing. */
    public hostName: Bytes,
    public next: Client | null,
  ) {}

  get isHolding(): bool {
    return this.high != 0;
  }

  /** Its association among those of the machine: the same at every start. */
  get identity(): u32 {
    return <u32>this.nic.index;
  }

  /** `machine`: the hardware address by which the whole machine is known. */
  identify(machine: u64): void {
    this.duid.setBe32(0, DUID_OF_ETHERNET);
    this.duid.setBe48(4, machine);
  }
}
