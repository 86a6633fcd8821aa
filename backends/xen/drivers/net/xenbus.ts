/** The two sides of a network device in XenStore: Xen, include/public/io/xenbus.h, io/netif.h. */
import * as store from "./needs/store";

/** States of a side. */
export namespace State {
  export const unknown: u32 = 0;
  export const initialising: u32 = 1;
  export const waiting: u32 = 2;
  export const initialised: u32 = 3;
  export const connected: u32 = 4;
  export const closing: u32 = 5;
  export const closed: u32 = 6;
}

/** How often a transaction is tried that others disturb. */
const TRIES = 64;
const LONGEST_PATH: u32 = 256;

@final
export class Xenbus {
  /** Number of the device. */
  device: u32 = 0;
  /** Fires when the other side's state has changed. */
  token: u32 = 0;
  /** The other side's domain, and its path. */
  domain: u32 = 0;
  private path: StaticArray<u8> = new StaticArray<u8>(<i32>LONGEST_PATH);
  private pathLength: u32 = 0;

  /** Who the other side is; changes of its state fire `token` from now on. False when there is no such device. */
  find(): bool {
    if (!this.own("backend-id")) return false;
    const domain = store.decimal(0x10000);
    if (domain > 0x7fef) return false;
    this.domain = <u32>domain;
    if (!this.own("backend") || store.length == 0 || store.length > LONGEST_PATH) return false;
    if (this.isWatched()) return true;
    if (this.pathLength > 0) {
      this.otherPath("state");
      store.unwatch(this.token);
      if (!this.own("backend") || store.length > LONGEST_PATH) return false;
    }
    for (let n: u32 = 0; n < store.length; n++) this.path[<i32>n] = store.answer[<i32>n];
    this.pathLength = store.length;
    this.otherPath("state");
    return store.watch(this.token);
  }

  /** The path just read is the one that is known. */
  private isWatched(): bool {
    if (store.length != this.pathLength) return false;
    for (let n: u32 = 0; n < store.length; n++) if (this.path[<i32>n] != store.answer[<i32>n]) return false;
    return true;
  }

  /** Reads what our side has under this name. */
  own(name: string): bool {
    this.ownPath(name);
    return store.read();
  }

  /** Reads what the other side has under this name. */
  other(name: string): bool {
    this.otherPath(name);
    return store.read();
  }

  /** A number that the other side has under this name; 0 when it has none. */
  otherNumber(name: string): u64 {
    return this.other(name) ? store.decimal(0) : 0;
  }

  /** The other side's state. */
  state(): u32 {
    return this.pathLength == 0 ? State.unknown : <u32>this.otherNumber("state");
  }

  /** The other side's device has a carrier, or does not say. */
  hasCarrier(): bool {
    return !this.other("carrier") || store.decimal(1) != 0;
  }

  setState(state: u32): bool {
    return this.set("state", <u64>state);
  }

  set(name: string, value: u64): bool {
    this.ownPath(name);
    store.byte(0);
    store.number(value);
    return store.write();
  }

  /** Rings, port and what we can, all at once; then the other side may begin. */
  connect(transmit: u32, receive: u32, port: u32): bool {
    for (let n = 0; n < TRIES; n++) {
      if (!store.beginTransaction()) return false;
      const written =
        this.set("tx-ring-ref", <u64>transmit) &&
        this.set("rx-ring-ref", <u64>receive) &&
        this.set("event-channel", <u64>port) &&
        this.set("request-rx-copy", 1) &&
        this.set("feature-rx-notify", 1) &&
        this.set("feature-ipv6-csum-offload", 1);
      if (store.endTransaction() && written) return true;
    }
    return false;
  }

  private ownPath(name: string): void {
    store.begin();
    store.text("device/vif/");
    store.number(<u64>this.device);
    store.text("/");
    store.text(name);
  }

  private otherPath(name: string): void {
    store.begin();
    store.copy(this.path, this.pathLength);
    store.text("/");
    store.text(name);
  }
}

/** Of the answer just read, `00:16:3e:01:02:03`; 0 if it is none. */
export function hardwareAddress(): u64 {
  if (store.length != 17) return 0;
  let value: u64 = 0;
  for (let n = 0; n < 17; n++) {
    const letter = <u32>store.answer[n];
    if (n % 3 == 2) {
      if (letter != 58) return 0;
      continue;
    }
    const digit = letter - 48 < 10 ? letter - 48 : (letter | 32) - 87;
    if (digit > 15) return 0;
    value = (value << 4) | <u64>digit;
  }
  return value;
}
