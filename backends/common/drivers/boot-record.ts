/** Fields that every boot record has, at these places; what else one has is its backend's. Tests compare this with boot code. */
export namespace Field {
  export const restarts: u32 = 0;
  export const trap: u32 = 1;
  export const trapAddress: u32 = 2;
  export const trapTarget: u32 = 3;
  export const trapFunction: u32 = 4;
  export const trapOffset: u32 = 5;
  export const commandLine: u32 = 6;
  export const commandLineLength: u32 = 7;
}
