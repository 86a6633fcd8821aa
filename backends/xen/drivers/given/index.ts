/** What the guest was given for its slots. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { Form } from "../../../../stdlib/core/given";
import * as given from "../../../common/drivers/given";
import { Machine } from "../../../common/drivers/x86/boot-record";
import { Reason, shutdown } from "../calls";
import { boot } from "../hw";
import * as values from "./values";

export function start(): void {
  given.begin(boot(Machine.module), boot(Machine.moduleSize));
  values.start();
}

export function texts(): i32 {
  return given.texts() + values.count;
}

export function form(n: i32): i32 {
  return n < given.texts() ? given.form(n) : Form.value;
}

export function place(n: i32): string {
  return n < given.texts() ? given.place(n) : "in XenStore";
}

export function size(n: i32): u32 {
  const value = n - given.texts();
  return value < 0 ? given.size(n) : values.size(value);
}

export function read(n: i32, to: Bytes): void {
  const value = n - given.texts();
  if (value < 0) given.read(n, to);
  else for (let at: u32 = 0; at < to.length; at++) to.setU8(at, values.byteOf(value, at));
}

export function how(): string {
  return "appl.SLOT=VALUE in the guest's `extra`, as lines SLOT=VALUE of its `ramdisk`, or as vm-data/appl/SLOT in its folder of XenStore";
}

/** Ends as one that has crashed: `on_crash` of the guest's configuration says what happens then. */
export function refuse(): void {
  shutdown(Reason.crash);
}
