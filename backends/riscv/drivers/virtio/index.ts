/** Finds the virtio devices that the device tree names. */
import { Level } from "../../../../stdlib/core/level";
import { begin, transports } from "../../../common/drivers/virtio/devices";
import { isDevice, isOld } from "../../../common/drivers/virtio/transport";
import { Node, next, rewind } from "../tree";
import { connect } from "./needs/interrupts";
import * as log from "./needs/log";

const node = new Node();

/** QEMU gives the first device the last place. Its trees name the places in that order. */
export function start(): void {
  let count = 0;
  let old = 0;
  rewind();
  while (next(node)) {
    if (!node.compatible.has("virtio,mmio") || !node.isOn()) continue;
    const place = node.base(0);
    if (!isDevice(place)) continue;
    if (isOld(place)) {
      old++;
      continue;
    }
    const bit = count < transports.length ? connect(node.line()) : 0;
    if (bit != 0) transports[count++].overMmio(place, bit);
  }
  begin(count);
  if (old > 0 && log.at(Level.warning)) {
    log.text("virtio: a device of the old kind is not used (QEMU: -global virtio-mmio.force-legacy=false)");
    log.end();
  }
}
