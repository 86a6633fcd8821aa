/**
 * Registers of the chip's Ethernet MAC, a DesignWare 10/100 MAC of Synopsys (ESP32 Technical Reference Manual, 10; ESP-IDF, soc/emac_dma_struct.h,
 * emac_mac_struct.h, emac_ext_struct.h): offsets from its base.
 */

/** The DMA. */
export namespace Dma {
  export const bus: u64 = 0x00;
  export const sendPoll: u64 = 0x04;
  export const receivePoll: u64 = 0x08;
  export const receiveList: u64 = 0x0c;
  export const sendList: u64 = 0x10;
  export const status: u64 = 0x14;
  export const mode: u64 = 0x18;
  export const interrupts: u64 = 0x1c;
}
/** What the chip has around it: where the reference clock comes from. */
export namespace Around {
  export const clockOut: u64 = 0x800;
  export const oscillator: u64 = 0x804;
  export const clocks: u64 = 0x808;
  export const phy: u64 = 0x80c;
}
/** The MAC. */
export namespace Mac {
  export const config: u64 = 0x1000;
  export const filter: u64 = 0x1004;
  export const phyAddress: u64 = 0x1010;
  export const phyData: u64 = 0x1014;
  export const mask: u64 = 0x103c;
  export const addressHigh: u64 = 0x1040;
  export const addressLow: u64 = 0x1044;
}

export namespace Bus {
  export const reset: u32 = 1 << 0;
  /** Descriptors of 32 bytes, bursts of 32 words, aligned, of any kind. */
  export const usual: u32 = (1 << 7) | (32 << 8) | (1 << 25) | (1 << 26);
}
export namespace Mode {
  export const receive: u32 = 1 << 1;
  export const secondFrame: u32 = 1 << 2;
  export const send: u32 = 1 << 13;
  export const wholeSent: u32 = 1 << 21;
  export const wholeReceived: u32 = 1 << 25;
}
export namespace Status {
  /** The bus has refused an access: the DMA stands still. */
  export const fatal: u32 = 1 << 13;
  /** All that can be taken back by writing it. */
  export const every: u32 = 0x1_e7ff;
  /** What the receiving half does: 0 is nothing. */
  export const receiving: u32 = 7 << 17;
  export const sending: u32 = 7 << 20;
}
export namespace Interrupt {
  export const received: u32 = 1 << 6;
  export const normal: u32 = 1 << 16;
}
export namespace Config {
  export const receive: u32 = 1 << 2;
  export const send: u32 = 1 << 3;
  export const fullDuplex: u32 = 1 << 11;
  /** 100 Mbit/s. */
  export const fast: u32 = 1 << 14;
  /** 10 or 100 Mbit/s: this MAC has no other. */
  export const mii: u32 = 1 << 15;
}
/** All multicast frames come in. */
export const MULTICAST: u32 = 1 << 4;
