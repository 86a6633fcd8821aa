/** Severities of what is said: RFC 5424 6.2.1. */
export namespace Level {
  export const error: u32 = 3;
  export const warning: u32 = 4;
  export const notice: u32 = 5;
  export const info: u32 = 6;
  export const debug: u32 = 7;
}
