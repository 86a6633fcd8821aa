/** The form of a DHCPv6 message: RFC 9915 8, and the options of its section 21 and RFC 3646 that are used here. */

export const CLIENT_PORT: u32 = 546;
export const SERVER_PORT: u32 = 547;
/** Lower half of the group of all relays and servers of a link, ff02::1:2: RFC 9915 7.1. */
export const SERVERS: u64 = 0x10002;

/** Behind the type and the number of the exchange. */
export const OPTIONS: u32 = 4;
/** Of an option: code and length. */
export const HEAD: u32 = 4;
/** The number of an exchange has 24 bits. */
export const TRANSACTION: u32 = 0xffffff;
/** RFC 9915 11.1: two bytes of type, and up to 128. */
export const LONGEST_DUID: u32 = 130;

export namespace Type {
  export const solicit: u32 = 1;
  export const advertise: u32 = 2;
  export const request: u32 = 3;
  export const confirm: u32 = 4;
  export const renew: u32 = 5;
  export const rebind: u32 = 6;
  export const reply: u32 = 7;
  export const decline: u32 = 9;
  export const information: u32 = 11;
}

export namespace Option {
  export const client: u32 = 1;
  export const server: u32 = 2;
  export const identity: u32 = 3;
  export const address: u32 = 5;
  export const wanted: u32 = 6;
  export const preference: u32 = 7;
  export const elapsed: u32 = 8;
  export const status: u32 = 13;
  export const rapidCommit: u32 = 14;
  /** RFC 3646 3. */
  export const nameServers: u32 = 23;
  export const refresh: u32 = 32;
  export const solicitMost: u32 = 82;
  export const informationMost: u32 = 83;
}

/** Of an association's option and an address's: their fixed parts. */
export const IDENTITY: u32 = 12;
export const ADDRESS: u32 = 24;

/** RFC 9915 21.13. */
export namespace Status {
  export const success: u32 = 0;
  export const noAddress: u32 = 2;
  export const noBinding: u32 = 3;
  export const notOnLink: u32 = 4;
}

/** A life without end. */
export const FOREVER: u32 = 0xffffffff;
