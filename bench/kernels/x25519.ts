/** X25519 (RFC 7748) as a benchmark kernel for the code generator, in constant time: raw memory, no objects. */
import { mul64hi, secret } from "./math";

/** Elements of the field are 5 limbs of 51 bits; a product's are at most a little longer, a sum's or difference's have at most 53 bits. */
const ELEMENT: usize = 40;
const MASK: u64 = (1 << 51) - 1;
/** Twice the modulus. */
const TWICE_LOWEST: u64 = (1 << 52) - 38;
const TWICE: u64 = (1 << 52) - 2;

/** The scalar, then the point. */
const input: usize = memory.data(64, 16);
const scalar: usize = input;
const point: usize = input + 32;
const clamped: usize = memory.data(32, 16);
const elements: usize = memory.data(400, 16);
const x1: usize = elements;
const x2: usize = elements + ELEMENT;
const z2: usize = elements + 2 * ELEMENT;
const x3: usize = elements + 3 * ELEMENT;
const z3: usize = elements + 4 * ELEMENT;
const t0: usize = elements + 5 * ELEMENT;
const t1: usize = elements + 6 * ELEMENT;
const t2: usize = elements + 7 * ELEMENT;
const t3: usize = elements + 8 * ELEMENT;
const t4: usize = elements + 9 * ELEMENT;

export function inputAddress(): usize {
  return input;
}
/** The result is the next scalar. */
export function outputAddress(): usize {
  return scalar;
}

/** Of a product below 2^115: its lowest 51 bits, and what is above. The shifts make the upper half begin at bit 51. */
// @ts-expect-error: decorator
function low(a: u64, b: u64): u64 {
  return (a * b) & MASK;
}
// @ts-expect-error: decorator
function high(a: u64, b: u64): u64 {
  return mul64hi(a << 11, b << 2);
}

function keep(to: usize, r0: u64, r1: u64, r2: u64, r3: u64, r4: u64): void {
  r1 += r0 >> 51;
  r2 += r1 >> 51;
  r3 += r2 >> 51;
  r4 += r3 >> 51;
  r0 = (r0 & MASK) + (r4 >> 51) * 19;
  store<u64>(to, r0 & MASK, 0);
  store<u64>(to, (r1 & MASK) + (r0 >> 51), 8);
  store<u64>(to, r2 & MASK, 16);
  store<u64>(to, r3 & MASK, 24);
  store<u64>(to, r4 & MASK, 32);
}

function multiply(to: usize, a: usize, b: usize): void {
  secret();
  const a0 = load<u64>(a, 0);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const a4 = load<u64>(a, 32);
  const b0 = load<u64>(b, 0);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const b3 = load<u64>(b, 24);
  const b4 = load<u64>(b, 32);
  const c1 = b1 * 19;
  const c2 = b2 * 19;
  const c3 = b3 * 19;
  const c4 = b4 * 19;
  const h0 = high(a0, b0) + high(a1, c4) + high(a2, c3) + high(a3, c2) + high(a4, c1);
  const h1 = high(a0, b1) + high(a1, b0) + high(a2, c4) + high(a3, c3) + high(a4, c2);
  const h2 = high(a0, b2) + high(a1, b1) + high(a2, b0) + high(a3, c4) + high(a4, c3);
  const h3 = high(a0, b3) + high(a1, b2) + high(a2, b1) + high(a3, b0) + high(a4, c4);
  const h4 = high(a0, b4) + high(a1, b3) + high(a2, b2) + high(a3, b1) + high(a4, b0);
  const l0 = low(a0, b0) + low(a1, c4) + low(a2, c3) + low(a3, c2) + low(a4, c1);
  const l1 = low(a0, b1) + low(a1, b0) + low(a2, c4) + low(a3, c3) + low(a4, c2);
  const l2 = low(a0, b2) + low(a1, b1) + low(a2, b0) + low(a3, c4) + low(a4, c3);
  const l3 = low(a0, b3) + low(a1, b2) + low(a2, b1) + low(a3, b0) + low(a4, c4);
  const l4 = low(a0, b4) + low(a1, b3) + low(a2, b2) + low(a3, b1) + low(a4, b0);
  keep(to, l0 + h4 * 19, l1 + h0, l2 + h1, l3 + h2, l4 + h3);
}

/** By (486662 - 2) / 4. */
function multiplySmall(to: usize, a: usize): void {
  secret();
  const a0 = load<u64>(a, 0);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const a4 = load<u64>(a, 32);
  keep(
    to,
    low(a0, 121665) + high(a4, 121665) * 19,
    low(a1, 121665) + high(a0, 121665),
    low(a2, 121665) + high(a1, 121665),
    low(a3, 121665) + high(a2, 121665),
    low(a4, 121665) + high(a3, 121665),
  );
}

/** Of products. */
function add(to: usize, a: usize, b: usize): void {
  secret();
  for (let n: usize = 0; n < ELEMENT; n += 8) store<u64>(to + n, load<u64>(a + n) + load<u64>(b + n));
}

/** Of products. */
function subtract(to: usize, a: usize, b: usize): void {
  secret();
  store<u64>(to, load<u64>(a) + TWICE_LOWEST - load<u64>(b));
  for (let n: usize = 8; n < ELEMENT; n += 8) store<u64>(to + n, load<u64>(a + n) + TWICE - load<u64>(b + n));
}

/** Exchanges two elements if the condition is 1. */
function exchange(a: usize, b: usize, condition: u32): void {
  secret();
  for (let n: usize = 0; n < ELEMENT; n += 8) {
    const x = load<u64>(a + n);
    const y = load<u64>(b + n);
    store<u64>(a + n, select<u64>(y, x, condition));
    store<u64>(b + n, select<u64>(x, y, condition));
  }
}

function set(to: usize, value: u64): void {
  store<u64>(to, value);
  for (let n: usize = 8; n < ELEMENT; n += 8) store<u64>(to + n, 0);
}

function copy(to: usize, from: usize): void {
  for (let n: usize = 0; n < ELEMENT; n += 8) store<u64>(to + n, load<u64>(from + n));
}

function square(to: usize, a: usize, times: i32): void {
  multiply(to, a, a);
  for (; times > 1; times--) multiply(to, to, to);
}

/** a^(p - 2), into t4; t0 to t3 are used. */
function invert(a: usize): void {
  square(t0, a, 1); // 2
  square(t1, t0, 2);
  multiply(t1, a, t1); // 9
  multiply(t0, t0, t1); // 11
  square(t2, t0, 1);
  multiply(t1, t1, t2); // 2^5 - 1
  square(t2, t1, 5);
  multiply(t1, t2, t1); // 2^10 - 1
  square(t2, t1, 10);
  multiply(t2, t2, t1); // 2^20 - 1
  square(t3, t2, 20);
  multiply(t2, t3, t2); // 2^40 - 1
  square(t2, t2, 10);
  multiply(t1, t2, t1); // 2^50 - 1
  square(t2, t1, 50);
  multiply(t2, t2, t1); // 2^100 - 1
  square(t3, t2, 100);
  multiply(t2, t3, t2); // 2^200 - 1
  square(t2, t2, 50);
  multiply(t1, t2, t1); // 2^250 - 1
  square(t1, t1, 5);
  multiply(t4, t1, t0); // 2^255 - 21
}

/** The highest bit is ignored. */
function unpack(to: usize, from: usize): void {
  secret();
  store<u64>(to, load<u64>(from, 0) & MASK, 0);
  store<u64>(to, (load<u64>(from, 6) >> 3) & MASK, 8);
  store<u64>(to, (load<u64>(from, 12) >> 6) & MASK, 16);
  store<u64>(to, (load<u64>(from, 19) >> 1) & MASK, 24);
  store<u64>(to, (load<u64>(from, 24) >> 12) & MASK, 32);
}

/** What is a product, reduced: whether the modulus is to be taken away once more is a number, not a branch. */
function pack(to: usize, from: usize): void {
  secret();
  keep(
    from,
    load<u64>(from, 0),
    load<u64>(from, 8),
    load<u64>(from, 16),
    load<u64>(from, 24),
    load<u64>(from, 32),
  );
  let r0 = load<u64>(from, 0);
  let r1 = load<u64>(from, 8);
  let r2 = load<u64>(from, 16);
  let r3 = load<u64>(from, 24);
  let r4 = load<u64>(from, 32);
  const above = (r4 + ((r3 + ((r2 + ((r1 + ((r0 + 19) >> 51)) >> 51)) >> 51)) >> 51)) >> 51;
  r0 += above * 19;
  r1 += r0 >> 51;
  r2 += r1 >> 51;
  r3 += r2 >> 51;
  r4 += r3 >> 51;
  r0 &= MASK;
  r1 &= MASK;
  r2 &= MASK;
  r3 &= MASK;
  r4 &= MASK;
  store<u64>(to, r0 | (r1 << 51), 0);
  store<u64>(to, (r1 >> 13) | (r2 << 38), 8);
  store<u64>(to, (r2 >> 26) | (r3 << 25), 16);
  store<u64>(to, (r3 >> 39) | (r4 << 12), 24);
}

function step(): void {
  add(t0, x2, z2);
  subtract(t1, x2, z2);
  add(t2, x3, z3);
  subtract(t3, x3, z3);
  multiply(t3, t3, t0); // DA
  multiply(t2, t2, t1); // CB
  multiply(t0, t0, t0); // AA
  multiply(t1, t1, t1); // BB
  add(x3, t3, t2);
  multiply(x3, x3, x3);
  subtract(z3, t3, t2);
  multiply(z3, z3, z3);
  multiply(z3, z3, x1);
  multiply(x2, t0, t1);
  subtract(t1, t0, t1); // E
  multiplySmall(t2, t1);
  add(t2, t2, t0);
  multiply(z2, t1, t2);
}

/** `scalar` times `point`, into `to`. */
export function scalarMultiply(to: usize): void {
  secret();
  for (let n: usize = 0; n < 32; n += 8) store<u64>(clamped + n, load<u64>(scalar + n));
  store<u8>(clamped, load<u8>(clamped) & 248);
  store<u8>(clamped, (load<u8>(clamped, 31) & 127) | 64, 31);
  unpack(x1, point);
  set(x2, 1);
  set(z2, 0);
  copy(x3, x1);
  set(z3, 1);
  let exchanged: u32 = 0;
  for (let n = 254; n >= 0; n--) {
    const bit = (<u32>load<u8>(clamped + (n >> 3)) >> (n & 7)) & 1;
    exchange(x2, x3, exchanged ^ bit);
    exchange(z2, z3, exchanged ^ bit);
    exchanged = bit;
    step();
  }
  exchange(x2, x3, exchanged);
  exchange(z2, z3, exchanged);
  invert(z2);
  multiply(x2, x2, t4);
  pack(to, x2);
}

/** The iteration of RFC 7748, 5.2: the result is the next scalar, the scalar the next point. */
export function run(_size: i32, times: i32): void {
  secret();
  for (let n = 0; n < times; n++) {
    scalarMultiply(z2);
    for (let i: usize = 0; i < 32; i += 8) {
      store<u64>(point + i, load<u64>(scalar + i));
      store<u64>(scalar + i, load<u64>(z2 + i));
    }
  }
}
