/** The console of the firmware: its debug console where it has one, else the old call for one byte. */
import { option } from "../../../common/drivers/command-line";
import { sbi } from "../hw";

const PUT_BYTE: u32 = 1;
const BASE: u32 = 0x10;
const PROBE: u32 = 3;
const DEBUG_CONSOLE: u32 = 0x4442_434e;
const WRITE_BYTE: u32 = 2;
const RETURN: u32 = 13;

let quiet = false;
let debug = false;

export function start(): void {
  quiet = option("appl.quiet");
  debug = sbi(BASE, PROBE, DEBUG_CONSOLE, 0) > 0;
}

export function write(byte: u32): void {
  // The firmware puts it before every end of line itself.
  if (quiet || byte == RETURN) return;
  if (debug) sbi(DEBUG_CONSOLE, WRITE_BYTE, byte, 0);
  else sbi(PUT_BYTE, 0, byte, 0);
}
