/** Hashes by themselves, for tests. */
import { Bytes } from "../../bytes";
import { Digest } from "../digest";
import { Hmac } from "../hmac";
import { Sha256 } from "../sha256";
import { Sha512 } from "../sha512";

const MOST: u32 = 65536;
const input = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
const output = new Bytes(new StaticArray<u8>(64), 0, 64);
const keyed = new Bytes(new StaticArray<u8>(128), 0, 128);
const key = new Bytes(new StaticArray<u8>(0), 0, 0);
const sha256 = new Sha256();
const sha384 = new Sha512(48);
const sha512 = new Sha512(64);

export function inputAt(): usize {
  return input.pointer(0, 1);
}
export function keyAt(): usize {
  return keyed.pointer(0, 1);
}
export function outputAt(): usize {
  return output.pointer(0, 1);
}

function hashOf(size: u32): Digest {
  return size == 32 ? sha256 : size == 48 ? sha384 : sha512;
}

/** Of `length` bytes of the input, in parts of `step`. */
export function hash(size: u32, length: u32, step: u32): void {
  const digest = hashOf(size);
  digest.begin();
  for (let at: u32 = 0; at < length; at += step) digest.update(input, at, min(step, length - at));
  digest.finish(output, 0);
}

export function hmac(size: u32, keyLength: u32, length: u32): void {
  const code = new Hmac(hashOf(size));
  key.window(keyed, 0, keyLength);
  code.begin(key);
  code.update(input, 0, length);
  code.finish(output, 0);
}
