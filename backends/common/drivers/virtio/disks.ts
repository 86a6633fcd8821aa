/** Virtio block devices as disks: what a module offers that drives them. */
import { Device } from "../../../../stdlib/block/device";
import { VirtioBlock } from "./block";

const MOST_DISKS = 4;
const disks = new StaticArray<VirtioBlock | null>(MOST_DISKS);

/** How many disks there may be. */
export function count(): i32 {
  return MOST_DISKS;
}

export function device(index: i32): Device {
  let found = disks[index];
  if (found == null) {
    found = new VirtioBlock();
    disks[index] = found;
  }
  return found;
}

/** Devices become disks in the order in which they are found. */
export function start(): void {
  for (let n = 0; n < MOST_DISKS; n++) {
    const each = disks[n];
    if (each != null) each.start();
  }
}
