/** Whole pages: what is granted is granted page by page. */
import { Bytes } from "../../../stdlib/core/bytes";

export const PAGE: u32 = 4096;

/** Memory from the beginning of a page on. */
export function aligned(size: u32): Bytes {
  const memory = new StaticArray<u8>(<i32>(size + PAGE));
  const begin = <u32>((<usize>PAGE - (changetype<usize>(memory) & <usize>(PAGE - 1))) & <usize>(PAGE - 1));
  return new Bytes(memory, begin, size);
}
