/** RCODEs. IANA "Domain Name System Parameters". */
export const NOERROR: u32 = 0;
export const FORMERR: u32 = 1;
export const SERVFAIL: u32 = 2;
export const NXDOMAIN: u32 = 3;
export const NOTIMP: u32 = 4;
export const REFUSED: u32 = 5;
export const YXDOMAIN: u32 = 6;
export const NOTAUTH: u32 = 9;
/** In TSIG: RFC 8945 3. */
export const BADSIG: u32 = 16;
export const BADKEY: u32 = 17;
export const BADTIME: u32 = 18;
export const BADTRUNC: u32 = 22;

/** Flags of a header. RFC 1035 4.1.1. */
export const QR: u32 = 0x8000;
export const AA: u32 = 0x0400;
export const TC: u32 = 0x0200;
export const RD: u32 = 0x0100;
export const OPCODE: u32 = 0x7800;
export const RCODE: u32 = 0x000f;
/** The opcode of RFC 1996. */
export const NOTIFY: u32 = 0x2000;
