/** Fields of the boot record beside the common ones, as `../boot/layout.ts` has them; a test compares the two. */
export namespace Machine {
  export const tree: u32 = 8;
  export const treeSize: u32 = 9;
  export const hart: u32 = 10;
  export const memory: u32 = 11;
  export const pages: u32 = 12;
  export const timebase: u32 = 13;
  export const entered: u32 = 14;
  export const started: u32 = 15;
  export const initrd: u32 = 16;
  export const initrdEnd: u32 = 17;
}

export const TRAP_CAUSE: u64 = 256;
export const TRAP_REQUEST: u64 = 512;
