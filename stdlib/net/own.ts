/** An address of IPv6 that this appliance has (interface net.Ndp). */
import { Nic } from "./nic";

export namespace Address {
  export const free: i32 = 0;
  export const tentative: i32 = 1;
  export const ready: i32 = 2;
  export const duplicate: i32 = 3;
}

export const NEVER: u64 = u64.MAX_VALUE;
@final
export class Own {
  state: i32 = Address.free;
  nic: Nic | null = null;
  high: u64 = 0;
  low: u64 = 0;
  /** Made here from a prefix, by RFC 7217, after so many that were taken. */
  isMade: bool = false;
  conflicts: u32 = 0;
  /** After this it is not used for what is new; after that not at all. */
  preferredUntil: u64 = NEVER;
  validUntil: u64 = NEVER;
  /** Tentative: when nobody has answered. Duplicate: when it is tried again. */
  at: u64 = 0;
  /** What our own question carries, so that it is known when a loop brings it back: RFC 7527. */
  nonce: u64 = 0;
}
