/** How a request is written down: the lines of NCSA's server that Apache and nginx call common and combined, or an object of JSON. */
export namespace Format {
  export const common: i32 = 0;
  export const combined: i32 = 1;
  export const json: i32 = 2;
}
