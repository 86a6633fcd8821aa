/** What the guest was given for its slots. */
import { Bytes } from "../../../../stdlib/core/bytes";
import * as given from "../../../common/drivers/given";
import { Machine } from "../../../common/drivers/x86/boot-record";
import { Reason, shutdown } from "../calls";
import { boot } from "../hw";

export function start(): void {
  given.begin(boot(Machine.module), boot(Machine.moduleSize));
}

export function texts(): i32 {
  return given.texts();
}

export function form(n: i32): i32 {
  return given.form(n);
}

export function place(n: i32): string {
  return given.place(n);
}

export function size(n: i32): u32 {
  return given.size(n);
}

export function read(n: i32, to: Bytes): void {
  given.read(n, to);
}

export function how(): string {
  return "appl.SLOT=VALUE in the guest's `extra`, or as lines SLOT=VALUE of its `ramdisk`";
}

/** Ends as one that has crashed: `on_crash` of the guest's configuration says what happens then. */
export function refuse(): void {
  shutdown(Reason.crash);
}
