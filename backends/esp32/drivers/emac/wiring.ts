/** How the PHY is connected: the board says it, and it stands in the boot record. */
import { Machine } from "../boot-record";
import { change } from "../change";
import { boot, store32 } from "../hw";
import { Mux } from "../pins/registers";
import { apll } from "./apll";
import { drive, feeds, MATRIX, NO_PIN, route, sends } from "./pads";
import { Around } from "./registers";

/** Clock and reset of peripherals of the radio and of the Ethernet MAC. */
const CLOCKS: u64 = 0x3ff0_00cc;
const RESETS: u64 = 0x3ff0_00d0;
const CLOCK_OF_MAC: u32 = 1 << 14;
const RESET_OF_MAC: u32 = 1 << 7;

/** The pads' function for the MAC: these six have no other place (ESP32 Technical Reference Manual, table 4-3). */
const ETHERNET: u32 = 5;
const SENT: StaticArray<u8> = [19, 22, 21];
const RECEIVED: StaticArray<u8> = [25, 26, 27];
/** GPIO0 shows the MAC no clock that goes out, but one of the chip's three clock outputs (its second function), which shows the second PLL (ESP-IDF, emac_hal_iomux_rmii_clk_output). */
const CLOCK_OUTPUT: u32 = 1;
const CLOCK_OUTPUTS: u64 = Mux.base;
const SECOND_PLL: u32 = 6;
/** Signals of the matrix. */
const MDC: u32 = 200;
const MDIO: u32 = 201;

/** Bits 15 to 13 of the interface to the PHY: RMII. */
const INTERFACE: u32 = 7 << 13;
const RMII: u32 = 4 << 13;
const FROM_OUTSIDE: u32 = 1 << 0;
const FROM_INSIDE: u32 = 1 << 1;
const OUTSIDE: u32 = 1 << 24;

/** Bytes of the boot record, each a pin. */
function pin(at: u32): u32 {
  return <u32>(boot(Machine.phy) >> at) & 0xff;
}
function switched(at: u32): u32 {
  return <u32>(boot(Machine.phyPins) >> at) & 0xff;
}

/** The MAC has a clock and is reset, the PHY has power and is held in reset. */
export function powerUp(): void {
  change(CLOCKS, 0, CLOCK_OF_MAC);
  change(RESETS, 0, RESET_OF_MAC);
  change(RESETS, RESET_OF_MAC, 0);
  const reset = switched(8);
  if (reset != NO_PIN) drive(reset, false);
  const power = switched(0);
  if (power != NO_PIN) drive(power, true);
}

/** The PHY may begin: pins and the reference clock are as they should be. */
export function connectPins(base: u64): void {
  for (let n = 0; n < 3; n++) {
    route(SENT[n], ETHERNET, false);
    route(RECEIVED[n], ETHERNET, true);
  }
  const mdc = pin(8);
  const mdio = pin(16);
  route(mdc, MATRIX, false);
  sends(mdc, MDC);
  route(mdio, MATRIX, true);
  sends(mdio, MDIO);
  feeds(mdio, MDIO);
  clock(base, pin(24), switched(16) != 0);
  const reset = switched(8);
  if (reset != NO_PIN) drive(reset, true);
}

/** The reference clock of 50 MHz comes in here, or goes out from the chip's own. */
function clock(base: u64, at: u32, goesOut: bool): void {
  change(base + Around.phy, INTERFACE, RMII);
  if (goesOut) {
    apll();
    store32(base + Around.clockOut, 0);
    change(base + Around.oscillator, OUTSIDE, 0);
    change(base + Around.clocks, FROM_OUTSIDE, FROM_INSIDE);
  } else {
    change(base + Around.oscillator, 0, OUTSIDE);
    change(base + Around.clocks, FROM_INSIDE, FROM_OUTSIDE);
  }
  if (goesOut && at == 0) {
    store32(CLOCK_OUTPUTS, SECOND_PLL);
    route(at, CLOCK_OUTPUT, false);
  } else route(at, ETHERNET, !goesOut);
}
