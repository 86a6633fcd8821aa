/** Why the chip has started (ESP32 Technical Reference Manual, table 3-1; ESP-IDF, soc/reset_reasons.h of ESP32 and ESP32-C3, which agree in what both have). */
import { Level } from "../../../../stdlib/core/level";
import { Machine } from "../boot-record";
import { boot, load32 } from "../hw";
import * as log from "./needs/log";

/** Of the first processor. */
const CAUSE: u32 = 0x3f;
const BROWN_OUT: u32 = 15;

/** What nobody has asked for is a warning. */
export function tellReset(): void {
  const at = boot(Machine.resetCause);
  if (at == 0) return;
  const cause = load32(at) & CAUSE;
  if (cause == BROWN_OUT) {
    if (!log.at(Level.warning)) return;
    log.text("reset by brown-out: the supply was too low");
  } else if (isWatchdog(cause)) {
    if (!log.at(Level.warning)) return;
    log.text("reset by a watchdog");
  } else {
    if (!log.at(Level.info)) return;
    log.text("reset: ");
    log.text(nameOf(cause));
  }
  log.end();
}

/** Of the timer groups and of the low-power part: the chip, or its processor. */
function isWatchdog(cause: u32): bool {
  return (cause >= 7 && cause <= 9) || cause == 11 || cause == 13 || (cause >= 16 && cause <= 18);
}

function nameOf(cause: u32): string {
  if (cause == 1) return "power";
  if (cause == 3 || cause == 12) return "software";
  if (cause == 5) return "deep sleep";
  return "another cause";
}
