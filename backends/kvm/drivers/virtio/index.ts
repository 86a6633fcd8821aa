/** Finds the virtio devices of the machine. */
import { Level } from "../../../../stdlib/core/level";
import { begin, transports } from "../../../common/drivers/virtio/devices";
import { Machine } from "../../../common/drivers/x86/boot-record";
import { boot } from "../../../common/drivers/x86/hw";
import * as mmio from "./mmio";
import { hasSecondIoApic } from "./needs/interrupts";
import * as log from "./needs/log";
import { refused, scan } from "./pci";
import { isPc } from "./pci-space";

/** Devices on the command line come first, in its order; then those on buses; then those at the places of QEMU's microvm. */
export function start(): void {
  let count = mmio.named(transports, 0);
  const fixed = count > 0;
  count = scan(transports, count);
  if (!fixed && !isPc()) count = mmio.probed(transports, count, boot(Machine.rsdp) != 0, hasSecondIoApic());
  begin(count);
  if (mmio.old > 0 && log.at(Level.warning)) {
    log.text("virtio: a device of the old kind is not used (QEMU: -global virtio-mmio.force-legacy=false)");
    log.end();
  }
  if (refused > 0 && log.at(Level.warning)) {
    log.text("virtio: a device on PCI is not used: it is of the old kind, or has no MSI-X");
    log.end();
  }
}
