/** Status codes that the server says by itself. RFC 9110 15, RFC 6585. */
export namespace Status {
  export const ok: u32 = 200;
  export const partial: u32 = 206;
  export const notModified: u32 = 304;
  export const noContent: u32 = 204;
  export const badRequest: u32 = 400;
  export const unauthorized: u32 = 401;
  export const forbidden: u32 = 403;
  export const notFound: u32 = 404;
  export const methodNotAllowed: u32 = 405;
  export const timeout: u32 = 408;
  export const preconditionFailed: u32 = 412;
  export const tooLarge: u32 = 413;
  export const targetTooLong: u32 = 414;
  export const rangeNotSatisfiable: u32 = 416;
  export const expectationFailed: u32 = 417;
  export const misdirected: u32 = 421;
  /** RFC 6585 4. */
  export const tooMany: u32 = 429;
  /** RFC 6585 5. */
  export const headTooLarge: u32 = 431;
  export const notImplemented: u32 = 501;
  export const unavailable: u32 = 503;
  export const versionNotSupported: u32 = 505;
}
