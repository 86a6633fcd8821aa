/** Standard output, line by line. */
import { Field } from "../boot-record";
import { boot, print } from "../system";

const LONGEST: u32 = 1024;
const RETURN: u32 = 13;
const END: u32 = 10;

const line = new StaticArray<u8>(<i32>LONGEST);
let used: u32 = 0;
let quiet = false;

export function start(): void {
  used = 0;
  quiet = boot(Field.quiet) != 0;
}

/** A line goes out when it ends. Files of Linux end lines with one character. */
export function write(byte: u32): void {
  if (quiet || byte == RETURN) return;
  line[used++] = <u8>byte;
  if (byte != END && used < LONGEST) return;
  print(changetype<usize>(line), used);
  used = 0;
}
