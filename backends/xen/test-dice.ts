/** Chance for tests, the same each time. */

/** Numbers that look random and are always the same (Park and Miller 1988). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 48271) % 2147483647;
    return state % sides;
  };
}

/** An index that somebody malicious would write where `near` should stand. */
export const wild = (roll: (sides: number) => number, near: number): number =>
  [
    near + 1,
    near + 2,
    near - 1,
    near + 255,
    near + 256,
    near + 257,
    near + 0x8000_0000,
    0,
    0xffff_ffff,
    roll(2 ** 31),
  ][roll(10)]! >>> 0;
