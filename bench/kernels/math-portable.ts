/** `math.ts` in plain WebAssembly, for those who have no such instructions. */
export function mul64hi(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >> 32;
  const bl = b & 0xffffffff;
  const bh = b >> 32;
  const low = ah * bl + ((al * bl) >> 32);
  const middle = al * bh + (low & 0xffffffff);
  return ah * bh + (low >> 32) + (middle >> 32);
}

export function secret(): void {}
