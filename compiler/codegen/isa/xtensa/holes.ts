/** How the linker fills Xtensa's instructions. */
import type { Holes } from "../../object/link.ts";

export const xtensaHoles: Holes = {
  /** Calls go to multiples of four, counted from the word after the one that the instruction begins in. */
  "xtensa call0"(view, address, distance) {
    const here = address - distance;
    const words = (address - (here & ~3) - 4) >> 2;
    view.setUint8(0, 5 | ((words & 3) << 6));
    view.setUint16(1, (words >> 2) & 0xffff, true);
    return (address & 3) === 0 && words >= -(2 ** 17) && words < 2 ** 17;
  },
};
