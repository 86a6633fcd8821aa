/** Whose frames they are. */
import { Machine } from "./boot-record";
import { boot, load32 } from "./hw";

/** A local address (IEEE 802-2014 8.4), where the machine has none. */
const LOCAL_ADDRESS: u64 = 0x0200_6170_706c;
/** Of the addresses that a chip has, this one is that of wired networks (ESP-IDF, `esp_read_mac`). */
const WIRED: u64 = 3;

/** What is burnt into the chip: the lower 32 bits in one word, 16 more in the next. */
export function ownAddress(): u64 {
  const at = boot(Machine.hardwareAddress);
  if (at == 0) return LOCAL_ADDRESS;
  const base = ((<u64>(load32(at + 4) & 0xffff)) << 32) | load32(at);
  return base == 0 ? LOCAL_ADDRESS : base + WIRED;
}
