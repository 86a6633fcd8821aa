/** The two sides of a device in XenStore: Xen, include/public/io/xenbus.h. */
import * as store from "./store/index";

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

/** No device. */
export const NONE: u32 = u32.MAX_VALUE;

export abstract class Xenbus {
  /** Number of the device. */
  device: u32 = 0;
  /** Fires when the other side's state has changed. */
  token: u32 = 0;
  /** The other side's domain, and its path. */
  domain: u32 = 0;
  private path: StaticArray<u8> = new StaticArray<u8>(<i32>LONGEST_PATH);
  private pathLength: u32 = 0;

  /** `kind`: what XenStore calls such devices. */
  constructor(private kind: string) {}

  /** What the other side has to know, written by `set` and `setText`; false when it cannot be. */
  protected abstract write(): bool;

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

  setState(state: u32): bool {
    return this.set("state", <u64>state);
  }

  set(name: string, value: u64): bool {
    this.ownPath(name);
    store.byte(0);
    store.number(value);
    return store.write();
  }

  setText(name: string, value: string): bool {
    this.ownPath(name);
    store.byte(0);
    store.text(value);
    return store.write();
  }

  /** Nobody finds this name in our folder any more. */
  remove(name: string): void {
    this.ownPath(name);
    store.remove();
  }

  /** All that the other side has to know, at once; then it may begin. */
  protected agree(): bool {
    for (let n = 0; n < TRIES; n++) {
      if (!store.beginTransaction()) return false;
      const written = this.write();
      if (store.endTransaction() && written) return true;
    }
    return false;
  }

  private ownPath(name: string): void {
    store.begin();
    store.text("device/");
    store.text(this.kind);
    store.text("/");
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

/** The smallest number of a device of this kind that is at least `from`; NONE if there is none. */
export function nextDevice(kind: string, from: u32): u32 {
  store.begin();
  store.text("device/");
  store.text(kind);
  if (!store.list()) return NONE;
  let least: u32 = NONE;
  let number: u64 = 0;
  for (let at: u32 = 0; at < store.length; at++) {
    const digit = <u32>store.answer[<i32>at] - 48;
    if (digit <= 9) number = min<u64>(number * 10 + <u64>digit, <u64>NONE);
    else {
      if (number >= <u64>from && number < <u64>least) least = <u32>number;
      number = 0;
    }
  }
  return least;
}
