/** Patterns by themselves, for tests. */
import { Bytes } from "../../core/bytes";
import { Compiled, compilePattern, compileRegex } from "../pattern/compile";
import { caught, matches, NOWHERE, reserve } from "../pattern/match";

const MOST: u32 = 65536;
const input = new StaticArray<u8>(<i32>MOST);
const whole = new Bytes(input, 0, MOST);
let compiled: Compiled = compilePattern("/");

export function inputAt(): usize {
  return whole.pointer(0, 1);
}

export function useRegex(text: string): void {
  compiled = compileRegex(text);
  reserve(compiled.program);
}

export function usePattern(text: string): void {
  compiled = compilePattern(text);
  reserve(compiled.program);
}

export function isMatch(length: u32): bool {
  return matches(compiled.program, whole, length);
}

/** Where the thing of that number begins and ends, from 0; -1 if it was not caught. */
export function caughtAt(number: i32): i32 {
  return caught[number] == NOWHERE ? -1 : <i32>caught[number];
}

export function names(): string {
  return compiled.names.join(",");
}
