/** Virtio network devices as links. */
import { Link } from "../../../../stdlib/net/link";
import { VirtioLink } from "../../../common/drivers/virtio/link";

const MOST_LINKS = 4;
const links = new StaticArray<VirtioLink | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new VirtioLink();
    links[index] = found;
  }
  return found;
}

/** Devices become links in the order in which they are found. */
export function start(): void {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each != null) each.start();
  }
}
