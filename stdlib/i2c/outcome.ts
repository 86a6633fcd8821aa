/** What becomes of a transfer on a bus of I²C. */
export namespace Outcome {
  export const done: u32 = 0;
  /** Nobody answers to the address, or a byte is not taken. */
  export const refused: u32 = 1;
  /** A chip holds the clock longer than it may. */
  export const stretched: u32 = 2;
  /** The data line stays low, whatever is tried. */
  export const stuck: u32 = 3;
  /** Somebody else drives the lines: a one was sent, and a zero is there. UM10204 3.1.8. */
  export const lost: u32 = 4;
}
