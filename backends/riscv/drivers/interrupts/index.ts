/**
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0), and the timer of the firmware. An interrupt only wakes, it is never taken: the
 * controller is asked which it was, and told that it is over once the devices are served.
 */
import { Machine } from "../boot-record";
import { boot, load32, rdtime, sbi, store32 } from "../hw";
import { Node, next, rewind } from "../tree";

const ENABLE: u64 = 0x2000;
const ENABLE_STEP: u64 = 0x80;
const CONTEXT: u64 = 0x20_0000;
const CONTEXT_STEP: u64 = 0x1000;
const CLAIM: u64 = 4;
/** Sources that the specification has room for. */
const MOST_LINES: u32 = 1024;
const MOST_CONTEXTS: u32 = 1024;
/** Cause of interrupts from outside in supervisor mode. */
const SUPERVISOR_EXTERNAL: u32 = 9;

const TIME: u32 = 0x5449_4d45;
const OLD_SET_TIMER: u32 = 0;
const NEVER: u64 = u64.MAX_VALUE;

const MOST_VECTORS: u32 = 32;

/** Bit of the timer in `taken`. */
export const TIMER: u64 = 1;

const node = new Node();
/** Line of each bit. */
const lines = new StaticArray<u32>(<i32>MOST_VECTORS);
let used: u32 = 1;
let controller: u64 = 0;
let enable: u64 = 0;
let claim: u64 = 0;
let sources: u32 = 0;
/** Lines that were claimed and not completed, as bits. */
let open: u64 = 0;
let alarm: u64 = NEVER;

export function start(): void {
  used = 1;
  open = 0;
  controller = 0;
  sleepLong();
  const own = ownController();
  rewind();
  while (next(node)) if (isPlic(node)) begin(own);
}

function isPlic(each: Node): bool {
  const compatible = each.compatible;
  return (
    compatible.has("riscv,plic0") || compatible.has("sifive,plic-1.0.0") || compatible.has("thead,c900-plic")
  );
}

/** The name (phandle) of the interrupt controller in the processor that this runs on. */
function ownController(): u32 {
  let mine = false;
  let level: u32 = 0;
  rewind();
  while (next(node)) {
    if (node.isNamed("cpu@")) {
      mine = node.base(0) == boot(Machine.hart);
      level = node.depth;
    } else if (mine && node.depth == level + 1 && node.isNamed("interrupt-controller"))
      return node.phandle.cell(0);
  }
  return 0;
}

/** Which of its contexts is ours: pairs of a processor's controller and a cause there, in the order of contexts. */
function begin(own: u32): void {
  const pairs = node.interruptsExtended;
  for (let n: u32 = 0; n < min(pairs.length / 8, MOST_CONTEXTS); n++) {
    if (pairs.cell(2 * n) != own || pairs.cell(2 * n + 1) != SUPERVISOR_EXTERNAL) continue;
    controller = node.base(0);
    sources = min(max(node.devices.cell(0), 1) + 1, MOST_LINES);
    enable = controller + ENABLE + ENABLE_STEP * <u64>n;
    claim = controller + CONTEXT + CONTEXT_STEP * <u64>n + CLAIM;
    for (let word: u32 = 0; word < (sources + 31) / 32; word++) store32(enable + 4 * <u64>word, 0);
    store32(claim - CLAIM, 0); // the least priority that comes through
    return;
  }
}

/** Leads a line to a bit in `taken`. 0, which is the timer's, when that cannot be. */
export function connect(line: u32): u32 {
  if (controller == 0 || line == 0 || line >= sources) return 0;
  const word = enable + 4 * <u64>(line / 32);
  let bit: u32 = 1;
  while (bit < used && lines[bit] != line) bit++;
  if (bit == MOST_VECTORS) return 0;
  if (bit == used) used++;
  lines[bit] = line;
  store32(controller + 4 * <u64>line, 1);
  store32(word, load32(word) | (1 << (line % 32)));
  // A warm restart may have come between an interrupt and its end.
  store32(claim, line);
  return bit;
}

/** Interrupts since the last call: bit n is that of `connect`. */
export function taken(): u64 {
  let bits: u64 = 0;
  if (rdtime() >= alarm) {
    bits = TIMER;
    sleepLong();
  }
  for (let left = used; left > 0; left--) {
    const line = controller == 0 ? 0 : load32(claim);
    if (line == 0) break;
    for (let bit: u32 = 1; bit < used; bit++) if (lines[bit] == line) open |= (<u64>1) << (<u64>bit);
  }
  return bits | open;
}

/** After the devices behind them were told. */
export function acknowledge(): void {
  for (let bit: u32 = 1; bit < used; bit++)
    if ((open & ((<u64>1) << (<u64>bit))) != 0) store32(claim, lines[bit]);
  open = 0;
}

function sleepLong(): void {
  wakeAt(NEVER);
}

/** One interrupt when the counter of time reaches `ticks`. */
export function wakeAt(ticks: u64): void {
  alarm = ticks;
  if (sbi(TIME, 0, ticks, 0) < 0) sbi(OLD_SET_TIMER, 0, ticks, 0);
}
