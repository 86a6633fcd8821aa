/** AEAD_CHACHA20_POLY1305 (RFC 8439) as a benchmark kernel for the code generator, in constant time: raw memory, no objects. */
import { block, state } from "./chacha20-block";
import { secret } from "./math";

/** What is encrypted in place. */
const input: usize = memory.data(16384, 16);
const key: usize = memory.data(32, 16);
const nonce: usize = memory.data(12, 16);
const aad: usize = memory.data(64, 16);
/** The tag in its first half. */
const output: usize = memory.data(32, 16);
/** Where what is no whole block is completed with zeros. */
const rest: usize = memory.data(64, 16);
/** r, 5 limbs of 26 bits; s, 16 bytes; the sum, 5 limbs. */
const r: usize = memory.data(20, 16);
const s: usize = memory.data(16, 16);
const sum: usize = memory.data(20, 16);

export function inputAddress(): usize {
  return input;
}
export function keyAddress(): usize {
  return key;
}
export function nonceAddress(): usize {
  return nonce;
}
export function aadAddress(): usize {
  return aad;
}
export function outputAddress(): usize {
  return output;
}

const LIMB: u32 = 0x3ffffff;

function clear(at: usize, bytes: i32): void {
  for (let n = 0; n < bytes; n++) store<u8>(at + n, 0);
}

function copy(to: usize, from: usize, bytes: i32): void {
  for (let n = 0; n < bytes; n++) store<u8>(to + n, load<u8>(from + n));
}

/** Takes the one-time key from block 0 of the key stream (RFC 8439, 2.6). */
function begin(): void {
  secret();
  clear(rest, 64);
  block(rest, 0);
  const t0 = load<u32>(rest, 0);
  const t1 = load<u32>(rest, 4);
  const t2 = load<u32>(rest, 8);
  const t3 = load<u32>(rest, 12);
  store<u32>(r, t0 & 0x3ffffff, 0);
  store<u32>(r, ((t0 >> 26) | (t1 << 6)) & 0x3ffff03, 4);
  store<u32>(r, ((t1 >> 20) | (t2 << 12)) & 0x3ffc0ff, 8);
  store<u32>(r, ((t2 >> 14) | (t3 << 18)) & 0x3f03fff, 12);
  store<u32>(r, (t3 >> 8) & 0x00fffff, 16);
  store<u64>(s, load<u64>(rest, 16), 0);
  store<u64>(s, load<u64>(rest, 24), 8);
  clear(sum, 20);
}

/** Whole blocks of 16 bytes. */
function absorb(from: usize, blocks: i32): void {
  secret();
  const r0 = <u64>load<u32>(r, 0);
  const r1 = <u64>load<u32>(r, 4);
  const r2 = <u64>load<u32>(r, 8);
  const r3 = <u64>load<u32>(r, 12);
  const r4 = <u64>load<u32>(r, 16);
  const s1 = r1 * 5;
  const s2 = r2 * 5;
  const s3 = r3 * 5;
  const s4 = r4 * 5;
  let h0 = load<u32>(sum, 0);
  let h1 = load<u32>(sum, 4);
  let h2 = load<u32>(sum, 8);
  let h3 = load<u32>(sum, 12);
  let h4 = load<u32>(sum, 16);
  for (; blocks > 0; blocks--, from += 16) {
    const t0 = load<u32>(from, 0);
    const t1 = load<u32>(from, 4);
    const t2 = load<u32>(from, 8);
    const t3 = load<u32>(from, 12);
    const a0 = <u64>(h0 + (t0 & LIMB));
    const a1 = <u64>(h1 + (((t0 >> 26) | (t1 << 6)) & LIMB));
    const a2 = <u64>(h2 + (((t1 >> 20) | (t2 << 12)) & LIMB));
    const a3 = <u64>(h3 + (((t2 >> 14) | (t3 << 18)) & LIMB));
    const a4 = <u64>(h4 + ((t3 >> 8) | 0x1000000));
    const d0 = a0 * r0 + a1 * s4 + a2 * s3 + a3 * s2 + a4 * s1;
    const d1 = a0 * r1 + a1 * r0 + a2 * s4 + a3 * s3 + a4 * s2 + (d0 >> 26);
    const d2 = a0 * r2 + a1 * r1 + a2 * r0 + a3 * s4 + a4 * s3 + (d1 >> 26);
    const d3 = a0 * r3 + a1 * r2 + a2 * r1 + a3 * r0 + a4 * s4 + (d2 >> 26);
    const d4 = a0 * r4 + a1 * r3 + a2 * r2 + a3 * r1 + a4 * r0 + (d3 >> 26);
    h0 = (<u32>d0 & LIMB) + <u32>(d4 >> 26) * 5;
    h1 = (<u32>d1 & LIMB) + (h0 >> 26);
    h0 &= LIMB;
    h2 = <u32>d2 & LIMB;
    h3 = <u32>d3 & LIMB;
    h4 = <u32>d4 & LIMB;
  }
  store<u32>(sum, h0, 0);
  store<u32>(sum, h1, 4);
  store<u32>(sum, h2, 8);
  store<u32>(sum, h3, 12);
  store<u32>(sum, h4, 16);
}

/** `bytes` bytes, completed with zeros to whole blocks. */
function absorbPadded(from: usize, bytes: i32): void {
  absorb(from, bytes >> 4);
  const left = bytes & 15;
  if (left == 0) return;
  clear(rest, 16);
  copy(rest, from + (bytes - left), left);
  absorb(rest, 1);
}

/** The sum modulo 2^130 - 5, plus s. Which of two values is below the modulus, a select says. */
function finish(tag: usize): void {
  secret();
  let h0 = load<u32>(sum, 0);
  let h1 = load<u32>(sum, 4);
  let h2 = load<u32>(sum, 8);
  let h3 = load<u32>(sum, 12);
  let h4 = load<u32>(sum, 16);
  h2 += h1 >> 26;
  h1 &= LIMB;
  h3 += h2 >> 26;
  h2 &= LIMB;
  h4 += h3 >> 26;
  h3 &= LIMB;
  h0 += (h4 >> 26) * 5;
  h4 &= LIMB;
  h1 += h0 >> 26;
  h0 &= LIMB;
  let g0 = h0 + 5;
  let g1 = h1 + (g0 >> 26);
  let g2 = h2 + (g1 >> 26);
  let g3 = h3 + (g2 >> 26);
  const g4 = h4 + (g3 >> 26);
  const above = g4 >> 26;
  g0 &= LIMB;
  g1 &= LIMB;
  g2 &= LIMB;
  g3 &= LIMB;
  h0 = select<u32>(g0, h0, above);
  h1 = select<u32>(g1, h1, above);
  h2 = select<u32>(g2, h2, above);
  h3 = select<u32>(g3, h3, above);
  h4 = select<u32>(g4 & LIMB, h4, above);
  let f: u64 = <u64>(h0 | (h1 << 26)) + load<u32>(s, 0);
  store<u32>(tag, <u32>f, 0);
  f = <u64>((h1 >> 6) | (h2 << 20)) + load<u32>(s, 4) + (f >> 32);
  store<u32>(tag, <u32>f, 4);
  f = <u64>((h2 >> 12) | (h3 << 14)) + load<u32>(s, 8) + (f >> 32);
  store<u32>(tag, <u32>f, 8);
  f = <u64>((h3 >> 18) | (h4 << 8)) + load<u32>(s, 12) + (f >> 32);
  store<u32>(tag, <u32>f, 12);
}

/** Encrypts `bytes` bytes of input in place, with `aadBytes` bytes beside it; leaves the tag. */
export function seal(bytes: i32, aadBytes: i32): void {
  secret();
  const at = changetype<usize>(state);
  copy(at + 16, key, 32);
  copy(at + 52, nonce, 12);
  begin();
  absorbPadded(aad, aadBytes);
  const left = bytes & 63;
  const whole = bytes - left;
  let counter: u32 = 1;
  for (let i = 0; i < whole; i += 64) block(input + i, counter++);
  if (left != 0) {
    copy(rest, input + whole, left);
    block(rest, counter);
    copy(input + whole, rest, left);
  }
  absorbPadded(input, bytes);
  store<u64>(rest, aadBytes, 0);
  store<u64>(rest, bytes, 8);
  absorb(rest, 1);
  finish(output);
}

/** Seals `size` bytes of input `times` times, what came out again and again. */
export function run(size: i32, times: i32): void {
  for (let n = 0; n < times; n++) seal(size, 12);
}
