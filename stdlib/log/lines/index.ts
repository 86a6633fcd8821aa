/**
 * Lines that somebody else wants besides the console (interface core.LogLines): they wait in a ring until that one has taken them. When it is full, new
 * lines are lost and counted.
 */
import { Bytes } from "../../core/bytes";
import { Measures } from "../../core/measures";

/** Characters of a line; what is longer ends in `...`. */
export const LONGEST: u32 = 512;

@final
export class Line {
  /** Severity of RFC 5424 6.2.1. */
  level: u32 = 6;
  /** Of the module that says it. */
  name: string = "";
  length: u32 = 0;

  constructor(readonly bytes: Bytes) {}
}

let lines: StaticArray<Line> = [];
/** Counted without end; the place of a line is what is left by the size of the ring. */
let first: u32 = 0;
let behind: u32 = 0;
/** A line is being written. */
let current: Line | null = null;
const lost: StaticArray<u64> = [0];

/** In `prepare`: so many may wait. */
export function keep(count: u32): void {
  const made: Line[] = [];
  const room = new StaticArray<u8>(<i32>(count * LONGEST));
  for (let n: u32 = 0; n < count; n++) made.push(new Line(new Bytes(room, n * LONGEST, LONGEST)));
  lines = StaticArray.fromArray(made);
}

export function begin(level: u32, name: string): void {
  current = null;
  if (behind - first >= <u32>lines.length) {
    lost[0] += 1;
    return;
  }
  const line = lines[<i32>(behind % <u32>lines.length)];
  line.level = level;
  line.name = name;
  line.length = 0;
  current = line;
}

export function put(byte: u32): void {
  const line = current;
  if (line == null) return;
  if (line.length < LONGEST) line.bytes.setU8(line.length, byte);
  else for (let n: u32 = 1; n <= 3; n++) line.bytes.setU8(LONGEST - n, 46);
  line.length = min(line.length + 1, LONGEST);
}

export function finish(): void {
  if (current != null) behind += 1;
  current = null;
}

/** How many wait. */
export function count(): u32 {
  return behind - first;
}

/** The n-th of those that wait. */
export function line(n: u32): Line {
  return lines[<i32>((first + n) % <u32>lines.length)];
}

/** How many have found no place. */
export function missing(): u64 {
  return lost[0];
}

/** So many of the oldest are done with. */
export function drop(count: u32): void {
  first += count;
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter(
    "log_lines_dropped",
    "Lines of the log that were on the console alone, because too many others waited to be sent.",
  );
  to.entry("", lost, 0);
}
