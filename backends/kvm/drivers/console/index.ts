/** The first serial port: a 16550 at 0x3f8 (National Semiconductor PC16550D), polled. */
import { option } from "../../../common/drivers/command-line";
import { in8, out8, rdtsc } from "../../../common/drivers/x86/hw";

const PORT: u32 = 0x3f8;
const INTERRUPTS = PORT + 1;
const FIFO = PORT + 2;
const LINE = PORT + 3;
const MODEM = PORT + 4;
const STATUS = PORT + 5;
const SCRATCH = PORT + 7;
const EMPTY: u32 = 0x20;
/** How often the port is asked for room before a byte is given up: much longer than a byte takes at 9600 baud. */
const PATIENCE: u32 = 20_000;
/** Cycles that are waited altogether for longer than that, so that a slow reader gets what a machine says of its start. */
const GRACE: u64 = 1 << 32;

/** What is left of it. */
let grace: u64 = 0;
let there = false;
/** The port did not take the last byte: nobody waits for it again until it does. */
let stuck = false;

export function start(): void {
  stuck = false;
  there = false;
  grace = GRACE;
  if (option("appl.quiet")) return;
  out8(SCRATCH, 0x5a);
  if (in8(SCRATCH) != 0x5a) return;
  there = true;
  out8(INTERRUPTS, 0);
  out8(LINE, 0x80);
  out8(PORT, 1); // 115200 baud
  out8(INTERRUPTS, 0);
  out8(LINE, 3); // 8 bits, no parity, 1 stop bit
  out8(FIFO, 7);
  out8(MODEM, 3);
}

/** A byte that finds no room in time is lost. */
export function write(byte: u32): void {
  if (!there) return;
  stuck = !hasRoom();
  if (!stuck) out8(PORT, byte);
}

function hasRoom(): bool {
  for (let left = stuck ? 1 : PATIENCE; left != 0; left--) {
    if ((in8(STATUS) & EMPTY) != 0) return true;
  }
  const since = rdtsc();
  let waited: u64 = 0;
  while (waited < grace) {
    if ((in8(STATUS) & EMPTY) != 0) break;
    waited = rdtsc() - since;
  }
  const inTime = waited < grace;
  grace -= min(grace, waited);
  return inTime;
}
