/** Refinements of types, as the compiler has put them down (`lang/slots/condition.ts`): programs for a stack of numbers, and tables for patterns. */
import { Bytes } from "../bytes";

namespace Operation {
  export const constant: i64 = 0;
  export const value: i64 = 1;
  export const length: i64 = 2;
  export const equal: i64 = 3;
  export const unequal: i64 = 4;
  export const below: i64 = 5;
  export const atMost: i64 = 6;
  export const above: i64 = 7;
  export const atLeast: i64 = 8;
  export const and: i64 = 9;
  export const or: i64 = 10;
  export const not: i64 = 11;
  export const matches: i64 = 12;
}

@final
export class Condition {
  constructor(readonly program: StaticArray<i64>) {}
}

/** Next states by state and range of characters: `lang/slots/automaton.ts`. State 0 is that nothing can match any more, 1 the first. */
@final
export class Pattern {
  constructor(
    readonly cuts: StaticArray<i32>,
    readonly next: StaticArray<u16>,
    readonly accepts: StaticArray<u8>,
  ) {}

  matches(text: Bytes): bool {
    let state: i32 = 1;
    for (let at: u32 = 0; at < text.length && state != 0; ) {
      const code = text.u8(at);
      const size = sizeOf(code);
      state = <i32>this.next[state * this.cuts.length + this.rangeOf(decode(text, at, size))];
      at += size;
    }
    return this.accepts[state] != 0;
  }

  private rangeOf(code: i32): i32 {
    let low = 0;
    let high = this.cuts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.cuts[middle] <= code) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Bytes of the character that begins so. */
function sizeOf(first: u32): u32 {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decode(text: Bytes, at: u32, size: u32): i32 {
  let code = size == 1 ? text.u8(at) : text.u8(at) & (0x7f >> size);
  for (let n: u32 = 1; n < size; n++) code = (code << 6) | (text.u8(at + n) & 0x3f);
  return <i32>code;
}

/** Is it UTF-8 (RFC 3629 4), and how many characters? -1: it is not. */
export function characters(text: Bytes): i64 {
  let count: i64 = 0;
  for (let at: u32 = 0; at < text.length; count++) {
    const first = text.u8(at);
    const size = sizeOf(first);
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || !text.has(at, size)) return -1;
    for (let n: u32 = 1; n < size; n++) if ((text.u8(at + n) & 0xc0) != 0x80) return -1;
    const code = decode(text, at, size);
    if ((size == 3 && code < 0x800) || (code >= 0xd800 && code < 0xe000)) return -1;
    if (size == 4 && (code < 0x1_0000 || code > 0x10_ffff)) return -1;
    at += size;
  }
  return count;
}

/** As deep as the longest program can make it. */
const stack = new StaticArray<i64>(256);

export function holds(
  condition: Condition,
  patterns: Array<Pattern>,
  value: i64,
  length: i64,
  text: Bytes,
): bool {
  const program = condition.program;
  let top = 0;
  for (let n = 0; n < program.length; n++) {
    const operation = program[n];
    if (operation == Operation.constant) stack[top++] = program[++n];
    else if (operation == Operation.value) stack[top++] = value;
    else if (operation == Operation.length) stack[top++] = length;
    else if (operation == Operation.matches) stack[top++] = patterns[<i32>program[++n]].matches(text) ? 1 : 0;
    else if (operation == Operation.not) stack[top - 1] = stack[top - 1] == 0 ? 1 : 0;
    else {
      top -= 1;
      stack[top - 1] = combined(operation, stack[top - 1], stack[top]) ? 1 : 0;
    }
  }
  return top == 1 && stack[0] != 0;
}

function combined(operation: i64, a: i64, b: i64): bool {
  if (operation == Operation.equal) return a == b;
  if (operation == Operation.unequal) return a != b;
  if (operation == Operation.below) return a < b;
  if (operation == Operation.atMost) return a <= b;
  if (operation == Operation.above) return a > b;
  if (operation == Operation.atLeast) return a >= b;
  if (operation == Operation.and) return a != 0 && b != 0;
  return a != 0 || b != 0;
}
