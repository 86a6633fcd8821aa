/** The block function of ChaCha20 (RFC 8439, 2.3): raw memory, no objects. */

/** Constants, key, counter, nonce. */
export const state: StaticArray<u32> = [
  0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x13121110,
  0x17161514, 0x1b1a1918, 0x1f1e1d1c, 1, 0x09000000, 0x4a000000, 0,
];

/** Adds the key stream's block `counter` to the 64 bytes at `at`. */
export function block(at: usize, counter: u32): void {
  const s = changetype<usize>(state);
  let x0 = load<u32>(s, 0);
  let x1 = load<u32>(s, 4);
  let x2 = load<u32>(s, 8);
  let x3 = load<u32>(s, 12);
  let x4 = load<u32>(s, 16);
  let x5 = load<u32>(s, 20);
  let x6 = load<u32>(s, 24);
  let x7 = load<u32>(s, 28);
  let x8 = load<u32>(s, 32);
  let x9 = load<u32>(s, 36);
  let x10 = load<u32>(s, 40);
  let x11 = load<u32>(s, 44);
  let x12 = counter;
  let x13 = load<u32>(s, 52);
  let x14 = load<u32>(s, 56);
  let x15 = load<u32>(s, 60);
  for (let round = 0; round < 10; round++) {
    x0 += x4;
    x12 = rotl<u32>(x12 ^ x0, 16);
    x8 += x12;
    x4 = rotl<u32>(x4 ^ x8, 12);
    x0 += x4;
    x12 = rotl<u32>(x12 ^ x0, 8);
    x8 += x12;
    x4 = rotl<u32>(x4 ^ x8, 7);
    x1 += x5;
    x13 = rotl<u32>(x13 ^ x1, 16);
    x9 += x13;
    x5 = rotl<u32>(x5 ^ x9, 12);
    x1 += x5;
    x13 = rotl<u32>(x13 ^ x1, 8);
    x9 += x13;
    x5 = rotl<u32>(x5 ^ x9, 7);
    x2 += x6;
    x14 = rotl<u32>(x14 ^ x2, 16);
    x10 += x14;
    x6 = rotl<u32>(x6 ^ x10, 12);
    x2 += x6;
    x14 = rotl<u32>(x14 ^ x2, 8);
    x10 += x14;
    x6 = rotl<u32>(x6 ^ x10, 7);
    x3 += x7;
    x15 = rotl<u32>(x15 ^ x3, 16);
    x11 += x15;
    x7 = rotl<u32>(x7 ^ x11, 12);
    x3 += x7;
    x15 = rotl<u32>(x15 ^ x3, 8);
    x11 += x15;
    x7 = rotl<u32>(x7 ^ x11, 7);
    x0 += x5;
    x15 = rotl<u32>(x15 ^ x0, 16);
    x10 += x15;
    x5 = rotl<u32>(x5 ^ x10, 12);
    x0 += x5;
    x15 = rotl<u32>(x15 ^ x0, 8);
    x10 += x15;
    x5 = rotl<u32>(x5 ^ x10, 7);
    x1 += x6;
    x12 = rotl<u32>(x12 ^ x1, 16);
    x11 += x12;
    x6 = rotl<u32>(x6 ^ x11, 12);
    x1 += x6;
    x12 = rotl<u32>(x12 ^ x1, 8);
    x11 += x12;
    x6 = rotl<u32>(x6 ^ x11, 7);
    x2 += x7;
    x13 = rotl<u32>(x13 ^ x2, 16);
    x8 += x13;
    x7 = rotl<u32>(x7 ^ x8, 12);
    x2 += x7;
    x13 = rotl<u32>(x13 ^ x2, 8);
    x8 += x13;
    x7 = rotl<u32>(x7 ^ x8, 7);
    x3 += x4;
    x14 = rotl<u32>(x14 ^ x3, 16);
    x9 += x14;
    x4 = rotl<u32>(x4 ^ x9, 12);
    x3 += x4;
    x14 = rotl<u32>(x14 ^ x3, 8);
    x9 += x14;
    x4 = rotl<u32>(x4 ^ x9, 7);
  }
  store<u32>(at, load<u32>(at, 0) ^ (x0 + load<u32>(s, 0)), 0);
  store<u32>(at, load<u32>(at, 4) ^ (x1 + load<u32>(s, 4)), 4);
  store<u32>(at, load<u32>(at, 8) ^ (x2 + load<u32>(s, 8)), 8);
  store<u32>(at, load<u32>(at, 12) ^ (x3 + load<u32>(s, 12)), 12);
  store<u32>(at, load<u32>(at, 16) ^ (x4 + load<u32>(s, 16)), 16);
  store<u32>(at, load<u32>(at, 20) ^ (x5 + load<u32>(s, 20)), 20);
  store<u32>(at, load<u32>(at, 24) ^ (x6 + load<u32>(s, 24)), 24);
  store<u32>(at, load<u32>(at, 28) ^ (x7 + load<u32>(s, 28)), 28);
  store<u32>(at, load<u32>(at, 32) ^ (x8 + load<u32>(s, 32)), 32);
  store<u32>(at, load<u32>(at, 36) ^ (x9 + load<u32>(s, 36)), 36);
  store<u32>(at, load<u32>(at, 40) ^ (x10 + load<u32>(s, 40)), 40);
  store<u32>(at, load<u32>(at, 44) ^ (x11 + load<u32>(s, 44)), 44);
  store<u32>(at, load<u32>(at, 48) ^ (x12 + counter), 48);
  store<u32>(at, load<u32>(at, 52) ^ (x13 + load<u32>(s, 52)), 52);
  store<u32>(at, load<u32>(at, 56) ^ (x14 + load<u32>(s, 56)), 56);
  store<u32>(at, load<u32>(at, 60) ^ (x15 + load<u32>(s, 60)), 60);
}
