/** The form of a DHCP message: RFC 2131 2, and the options of RFC 2132 and later that are used here. */

export const CLIENT_PORT: u32 = 68;
export const SERVER_PORT: u32 = 67;

/** Offsets of the fields. */
export namespace Field {
  export const operation: u32 = 0;
  export const transaction: u32 = 4;
  export const seconds: u32 = 8;
  export const flags: u32 = 10;
  export const clientAddress: u32 = 12;
  export const yourAddress: u32 = 16;
  export const hardware: u32 = 28;
  export const serverName: u32 = 44;
  export const file: u32 = 108;
  export const cookie: u32 = 236;
  export const options: u32 = 240;
}

/** Operation, hardware type Ethernet, length of its addresses, hops. */
export const REQUEST_HEAD: u32 = 0x01010600;
export const REPLY_HEAD: u32 = 0x02010600;
export const COOKIE: u32 = 0x63825363;
/** In the flags: the answer is to be sent to everybody. */
export const BROADCAST_FLAG: u32 = 0x8000;
/** RFC 1542 2.1: what relays and servers of BOOTP take at least. */
export const LEAST: u32 = 300;

export namespace Type {
  export const discover: u32 = 1;
  export const offer: u32 = 2;
  export const request: u32 = 3;
  export const decline: u32 = 4;
  export const acknowledge: u32 = 5;
  export const refuse: u32 = 6;
}

export namespace Option {
  export const pad: u32 = 0;
  export const mask: u32 = 1;
  export const routers: u32 = 3;
  export const nameServers: u32 = 6;
  export const hostName: u32 = 12;
  export const domain: u32 = 15;
  export const mtu: u32 = 26;
  export const broadcast: u32 = 28;
  export const requested: u32 = 50;
  export const leaseTime: u32 = 51;
  export const overload: u32 = 52;
  export const type: u32 = 53;
  export const server: u32 = 54;
  export const wanted: u32 = 55;
  export const largest: u32 = 57;
  export const renewal: u32 = 58;
  export const rebinding: u32 = 59;
  export const client: u32 = 61;
  /** RFC 3442. */
  export const routes: u32 = 121;
  export const end: u32 = 255;
}

/** A lease without end. */
export const FOREVER: u32 = 0xffffffff;
