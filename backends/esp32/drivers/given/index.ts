/** What the machine was given for its slots: on its command line and in a file beside the image, or in the flash memory of a chip. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { Level } from "../../../../stdlib/core/level";
import * as given from "../../../common/drivers/given";
import { Machine } from "../boot-record";
import { boot, stop } from "../hw";
import * as log from "./needs/log";
import { Found, look, sizeAt, TEXT } from "./values";

export function start(): void {
  const values = boot(Machine.values);
  if (values != 0) return fromFlash(values);
  const begin = boot(Machine.initrd);
  const end = boot(Machine.initrdEnd);
  given.begin(begin, end > begin ? end - begin : 0);
}

function fromFlash(at: u64): void {
  const found = look(at);
  given.begin(at + TEXT, found == Found.text ? sizeAt(at) : 0);
  if (found != Found.other || !log.at(Level.error)) return;
  log.text("boot: the values in flash memory are damaged, or somebody else's: write them anew");
  log.end();
}

export function texts(): i32 {
  return given.texts();
}

export function form(n: i32): i32 {
  return given.form(n);
}

export function place(n: i32): string {
  return n == 1 && boot(Machine.values) != 0 ? "in flash memory" : given.place(n);
}

export function size(n: i32): u32 {
  return given.size(n);
}

export function read(n: i32, to: Bytes): void {
  given.read(n, to);
}

export function how(): string {
  return boot(Machine.values) != 0
    ? "lines SLOT=VALUE: appl flash --slots FILE, or --secret NAME=FILE"
    : "appl.SLOT=VALUE on the command line, or as lines SLOT=VALUE of the initrd";
}

export function refuse(): void {
  stop();
}
