/** How much memory there is. */

/** Bytes of memory that the image has. */
export function memorySize(): u64 {
  return (<u64>memory.size()) << 16;
}
