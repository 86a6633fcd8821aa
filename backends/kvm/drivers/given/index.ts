/** What the machine was given for its slots. */
import { Bytes } from "../../../../stdlib/core/bytes";
import { FwCfg } from "../../../common/drivers/fw-cfg";
import * as given from "../../../common/drivers/given";
import { Machine } from "../../../common/drivers/x86/boot-record";
import { boot, in8, out16 } from "../../../common/drivers/x86/hw";
import { exit } from "../exit";

const SELECTOR: u32 = 0x510;
const DATA: u32 = 0x511;
/** The status of a machine that was not given what it needs. */
const REFUSED: u32 = 2;

@final
class Ports extends FwCfg {
  select(key: u32): void {
    out16(SELECTOR, key);
  }
  byte(): u32 {
    return in8(DATA);
  }
}

const ports = new Ports();

export function start(): void {
  given.begin(boot(Machine.module), boot(Machine.moduleSize));
  given.addFiles(ports);
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
  return "appl.SLOT=VALUE on the command line, as lines SLOT=VALUE of the initrd, or as opt/appl/SLOT in fw_cfg";
}

export function refuse(): void {
  exit(REFUSED);
}
