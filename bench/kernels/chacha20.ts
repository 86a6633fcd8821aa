/** ChaCha20 (RFC 8439) as a benchmark kernel for the code generator. */
import { block } from "./chacha20-block";

/** What is encrypted in place. */
const input: usize = memory.data(16384, 16);

export function inputAddress(): usize {
  return input;
}
export function outputAddress(): usize {
  return input;
}

/** Encrypts `size` bytes of input in place, a multiple of 64, `times` times, each time from counter 1. */
export function run(size: i32, times: i32): void {
  for (let n = 0; n < times; n++) {
    let counter: u32 = 1;
    for (let i = 0; i < size; i += 64) block(input + i, counter++);
  }
}
