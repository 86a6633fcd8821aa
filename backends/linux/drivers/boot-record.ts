/** Fields of the boot record, as `../boot/layout.ts` has them; a test compares the two. */
export namespace Field {
  export const restarts: u32 = 0;
  export const trap: u32 = 1;
  export const trapAddress: u32 = 2;
  export const trapTarget: u32 = 3;
  export const trapFunction: u32 = 4;
  export const trapOffset: u32 = 5;
  export const quiet: u32 = 6;
}

export const TRAP_SIGNAL: u64 = 256;
export const TRAP_REQUEST: u64 = 512;

/** What `link` knows of a network device. */
export namespace LinkField {
  export const mac: u32 = 0;
  export const mtu: u32 = 1;
  export const flags: u32 = 2;
}
export namespace LinkFlag {
  export const present: u64 = 1;
  export const header: u64 = 2;
}
