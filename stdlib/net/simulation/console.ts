/** Keeps what was written until a test reads it. Implements core.Console. */
const MOST: u32 = 65536;
const written = new StaticArray<u8>(<i32>MOST);
let length: u32 = 0;

export function write(byte: u32): void {
  if (length == MOST) return;
  written[length] = <u8>byte;
  length += 1;
}

/** All text since the last call. */
export function taken(): string {
  const text = String.UTF8.decodeUnsafe(changetype<usize>(written), length);
  length = 0;
  return text;
}
