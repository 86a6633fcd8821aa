/** Unpredictable numbers: from the processor (RDRAND), else from the host. */
import { Level } from "../../../../stdlib/core/level";
import { mixed, seed } from "../../../common/drivers/mixed";
import * as entropy from "../../../common/drivers/virtio/entropy";
import { rdtsc } from "../../../common/drivers/x86/hw";
import { hasRdrand, tryRdrand } from "../../../common/drivers/x86/rdrand";
import * as log from "./needs/log";

let processor = false;

export function start(): void {
  processor = hasRdrand();
  seed(rdtsc());
  if (!processor) entropy.open();
  if (!guessable() || !log.at(Level.warning)) return;
  log.text("random numbers can be guessed: give this machine a processor with RDRAND, or virtio-rng");
  log.end();
}

/** Numbers are made of the time: no keys may be made of them. */
export function guessable(): bool {
  return !processor && !entropy.ready();
}

export function random(): u64 {
  if (processor) {
    const value = tryRdrand();
    if (value != 0) return value;
  } else if (entropy.ready()) return entropy.take();
  return mixed(rdtsc());
}
