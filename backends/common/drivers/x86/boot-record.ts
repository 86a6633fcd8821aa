/** Fields of the boot record beside the common ones, as `backends/x86/boot/layout.ts` has them; a test compares the two. */
export namespace Machine {
  export const rsdp: u32 = 8;
  export const memory: u32 = 9;
  export const pages: u32 = 10;
  export const protocol: u32 = 11;
  export const module: u32 = 12;
  export const moduleSize: u32 = 13;
  export const entered: u32 = 14;
  export const started: u32 = 15;
}

export const TRAP_VECTOR: u64 = 256;
export const TRAP_REQUEST: u64 = 512;
