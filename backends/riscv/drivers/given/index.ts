/** What the machine was given for its slots: in its device tree, and beside it. */
import { Bytes } from "../../../../stdlib/core/bytes";
import * as given from "../../../common/drivers/given";
import { Machine } from "../boot-record";
import { boot, sbi, stop } from "../hw";

/** SBI's system reset: to switch off, because the system failed. */
const RESET: u32 = 0x5352_5354;
const SHUTDOWN: u64 = 0;
const FAILURE: u64 = 1;

export function start(): void {
  const begin = boot(Machine.initrd);
  const end = boot(Machine.initrdEnd);
  given.begin(begin, end > begin ? end - begin : 0);
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
  return "appl.SLOT=VALUE in bootargs, or as lines SLOT=VALUE of the initrd";
}

export function refuse(): void {
  sbi(RESET, 0, SHUTDOWN, FAILURE);
  stop();
}
