/** Unpredictable numbers from the host, where there is a device for them. */
import { Level } from "../../../../stdlib/core/level";
import { mixed, seed } from "../../../common/drivers/mixed";
import * as entropy from "../../../common/drivers/virtio/entropy";
import { rdtime } from "../hw";
import * as log from "./needs/log";

export function start(): void {
  seed(rdtime());
  entropy.open();
  if (!guessable() || !log.at(Level.warning)) return;
  log.text("random numbers can be guessed: this machine has no virtio-rng");
  log.end();
}

/** Numbers are made of the time: no keys may be made of them. */
export function guessable(): bool {
  return !entropy.ready();
}

export function random(): u64 {
  return entropy.ready() ? entropy.take() : mixed(rdtime());
}
