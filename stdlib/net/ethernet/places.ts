/**
 * Which device each interface is on. A description may name one, and for each of several virtual networks the same; the others have those that nobody
 * names for what comes without a tag, in their order. All of it happens in `prepare`.
 */
import { Trunks } from "../frames";
import { Link } from "../link";
import { Nic } from "../nic";
import { link, count as linkCount } from "./needs/link";

const MOST_NICS = 8;
/** What an interface has that names no device. */
export const ANY: i32 = -1;

export const interfaces = new StaticArray<Nic | null>(MOST_NICS);
/** The device that the description names. */
const wishes = new StaticArray<i32>(MOST_NICS);
/** Has it what comes without a tag? There may be one such on each device. */
const plain = new StaticArray<bool>(MOST_NICS);
let added = 0;

export function nicCount(): i32 {
  return added;
}

/** One more interface, on the device that it names; `trunks` if that carries virtual networks, and this is one. Null when there is none left. */
export function addNic(name: string, mtu: u32, device: i32, trunks: Trunks | null): Nic | null {
  if (added >= MOST_NICS || linkCount() == 0) return null;
  const nic = new Nic(added, name, link(0));
  nic.mtu = mtu;
  interfaces[added] = nic;
  wishes[added] = device;
  added += 1;
  plain[nic.index] = trunks == null || !trunks.tag(nic);
  if (spread(trunks)) return nic;
  added -= 1;
  return null;
}

/** Gives each interface its device. False when there are not enough. */
function spread(trunks: Trunks | null): bool {
  let next = 0;
  for (let n = 0; n < added; n++) {
    let at = wishes[n];
    if (at == ANY) {
      while (isNamed(next)) next += 1;
      at = next;
      next += 1;
    }
    if (at >= linkCount()) return false;
    const nic = interfaces[n]!;
    if (trunks == null) nic.link = link(at);
    else trunks.settle(nic, link(at));
  }
  return true;
}

function isNamed(device: i32): bool {
  for (let n = 0; n < added; n++) if (wishes[n] == device && plain[n]) return true;
  return false;
}
