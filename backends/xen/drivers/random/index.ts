/** Unpredictable numbers: from the processor (RDRAND), else from a seed that the toolstack gave. */
import { Level } from "../../../../stdlib/core/level";
import { mixed, seed } from "../../../common/drivers/mixed";
import { hasRdrand, tryRdrand } from "../../../common/drivers/x86/rdrand";
import { rdtsc } from "../hw";
import * as log from "./needs/log";
import * as given from "./seed";

let processor = false;
let seeded = false;

export function start(): void {
  processor = hasRdrand();
  seed(rdtsc());
  seeded = !processor && given.start();
  if (!guessable() || !log.at(Level.warning)) return;
  log.text("random numbers can be guessed: give this guest a processor with RDRAND, ");
  log.text("or 32 random letters or more as vm-data/appl-seed in its folder of XenStore");
  log.end();
}

/** Numbers are made of the time: no keys may be made of them. */
export function guessable(): bool {
  return !processor && !seeded;
}

export function random(): u64 {
  if (processor) {
    const value = tryRdrand();
    if (value != 0) return value;
  } else if (seeded) return given.take();
  return mixed(rdtsc());
}
