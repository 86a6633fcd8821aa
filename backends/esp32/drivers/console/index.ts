/** The console: a UART like the 16550 with a word for each register, or the chip's own (ESP32 Technical Reference Manual, 13). */
import { option } from "../../../common/drivers/command-line";
import { Machine } from "../boot-record";
import { boot, load32, store32 } from "../hw";

const OWN: u64 = 1;

const STATUS: u64 = 0x14;
const EMPTY: u32 = 1 << 5;

const OWN_STATUS: u64 = 0x1c;
/** Bytes that wait to be sent: eight bits from here on; and how many may. */
const WAITING: u32 = 16;
const ROOM: u32 = 126;

let quiet = false;
let isOwn = false;
let uart: u64 = 0;

export function start(): void {
  quiet = option("appl.quiet");
  uart = boot(Machine.uart);
  isOwn = boot(Machine.uartKind) == OWN;
}

function isFull(): bool {
  if (isOwn) return ((load32(uart + OWN_STATUS) >> WAITING) & 0xff) >= ROOM;
  return (load32(uart + STATUS) & EMPTY) == 0;
}

export function write(byte: u32): void {
  if (quiet) return;
  while (isFull());
  store32(uart, byte);
}
