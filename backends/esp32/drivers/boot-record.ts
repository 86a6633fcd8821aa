/** Fields of the boot record beside the common ones, as `../boot/layout.ts` has them; a test compares the two. */
export namespace Machine {
  export const hertz: u32 = 8;
  export const started: u32 = 9;
  export const memory: u32 = 10;
  export const initrd: u32 = 11;
  export const initrdEnd: u32 = 12;
  export const uart: u32 = 13;
  export const network: u32 = 14;
  export const networkInterrupt: u32 = 15;
  export const unaligned: u32 = 16;
  export const uartKind: u32 = 17;
  export const random: u32 = 18;
  export const hardwareAddress: u32 = 19;
  export const phy: u32 = 20;
  export const phyPins: u32 = 21;
  export const resetCause: u32 = 22;
  export const values: u32 = 23;
}

export const TRAP_CAUSE: u64 = 256;
export const TRAP_REQUEST: u64 = 512;
