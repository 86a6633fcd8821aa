/** The console's ring (Xen, include/public/io/console.h): what `xl console` shows. A line is told of when it is whole. */
import { option } from "../../../common/drivers/command-line";
import { Parameter, parameter, send } from "../calls";
import { fence, load32, store8, store32 } from "../hw";

const OUT: u64 = 1024;
const SIZE: u32 = 2048;
const CONSUMER: u64 = 3080;
const PRODUCER: u64 = 3084;
const NEWLINE: u32 = 10;

/** 0: there is none, or nobody wants it. */
let ring: u64 = 0;
let port: u32 = 0;

export function start(): void {
  ring = option("appl.quiet") ? 0 : parameter(Parameter.consoleFrame) << 12;
  port = <u32>parameter(Parameter.consoleEvent);
}

/** A byte that finds no room is lost: a reader who does not read must not stop the program. */
export function write(byte: u32): void {
  if (ring == 0) return;
  const producer = load32(ring + PRODUCER);
  if (producer - load32(ring + CONSUMER) < SIZE) {
    store8(ring + OUT + <u64>(producer & (SIZE - 1)), byte);
    fence();
    store32(ring + PRODUCER, producer + 1);
  }
  if (byte == NEWLINE) send(port);
}
