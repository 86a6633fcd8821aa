/** What the machine was given for its slots: on its command line, and in a file beside the image. */
import { Bytes } from "../../../../stdlib/core/bytes";
import * as given from "../../../common/drivers/given";
import { Machine } from "../boot-record";
import { boot, stop } from "../hw";

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
  return "appl.SLOT=VALUE on the command line, or as lines SLOT=VALUE of the initrd";
}

export function refuse(): void {
  stop();
}
