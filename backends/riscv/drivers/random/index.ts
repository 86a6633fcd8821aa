/** Unpredictable numbers from the host, where there is a device for them. */
import { mixed, seed } from "../../../common/drivers/mixed";
import * as entropy from "../../../common/drivers/virtio/entropy";
import { rdtime } from "../hw";

export function start(): void {
  seed(rdtime());
  entropy.open();
}

export function random(): u64 {
  return entropy.ready() ? entropy.take() : mixed(rdtime());
}
