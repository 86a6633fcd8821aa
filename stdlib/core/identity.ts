/** What this image is: its appliance's name and the digest of its contents, put here when it is made (`compiler/build/identity.ts`), since only then it has one. */
import { Bytes } from "./bytes";

const NAME: i32 = 64;
const DIGEST: i32 = 64;
const BLANK: u32 = 32;

/** Name, filled up with blanks, and digest. Of zeros: what an image without the digest has, which is what the digest is of. */
let record: StaticArray<u8> = zeros();

function zeros(): StaticArray<u8> {
  const bytes = new StaticArray<u8>(NAME + DIGEST);
  for (let n = 0; n < bytes.length; n++) bytes[n] = 48;
  return bytes;
}

/** Puts the name in front of `bytes`, which have room for 64; gives its length. */
export function name(bytes: Bytes): u32 {
  let length: u32 = 0;
  for (let n = 0; n < NAME; n++) {
    const letter = <u32>record[n];
    if (letter == BLANK) break;
    bytes.setU8(length, letter);
    length += 1;
  }
  return length;
}

/** Puts the sha256 of the contents there, as 64 hexadecimal digits. */
export function digest(bytes: Bytes, at: u32): void {
  for (let n = 0; n < DIGEST; n++) bytes.setU8(at + <u32>n, record[NAME + n]);
}
