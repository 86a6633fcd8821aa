/** Xen's network devices as links, in the order of their numbers. They come and go as the toolstack wants it. */
import { Level } from "../../../../stdlib/core/level";
import { Link } from "../../../../stdlib/net/link";
import { add, Frontends } from "../frontends";
import { NONE, nextDevice } from "../xenbus";
import * as log from "./needs/log";
import * as store from "./needs/store";
import { Netfront } from "./netfront";

const MOST_LINKS = 4;
/** Token of the watch of all devices; those of the links' other sides are before it. */
const DEVICES: u32 = 4;

const links = new StaticArray<Netfront | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new Netfront();
    links[index] = found;
  }
  return found;
}

export function start(): void {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each == null) continue;
    each.start(<u32>n);
    look(n, each);
  }
  store.begin();
  store.text("device/vif");
  store.watch(DEVICES);
}

function follow(n: i32, each: Netfront): void {
  if (each.follow()) tell(n, each);
}

/** A link without a device takes the first that no other link has, and follows its other side from now on. */
function look(n: i32, each: Netfront): void {
  const device = freeDevice();
  if (device == NONE || !each.attach(device)) return;
  follow(n, each);
}

/** The smallest number of a device that no link has; NONE if there is none. */
function freeDevice(): u32 {
  let device = nextDevice("vif", 0);
  while (device != NONE && isTaken(device)) device = nextDevice("vif", device + 1);
  return device;
}

function isTaken(device: u32): bool {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each == null || !each.attached) continue;
    if (each.bus.device == device) return true;
  }
  return false;
}

function tell(n: i32, each: Netfront): void {
  if (!log.at(Level.notice)) return;
  log.text("net: eth");
  log.number(<u64>n);
  log.text(each.up ? " is connected to vif " : " has lost vif ");
  log.number(<u64>each.bus.device);
  log.end();
}

@final
class Links extends Frontends {
  override serve(fired: u64): void {
    for (let n = 0; n < MOST_LINKS; n++) {
      const each = links[n];
      if (each == null) continue;
      const isAsked = (fired & ((<u64>1) << (<u64>n))) != 0;
      const isListed = (fired & (1 << (<u64>DEVICES))) != 0;
      if (isAsked && each.attached) follow(n, each);
      else if (isListed) each.checkPath();
      if (!each.attached && (isAsked || isListed)) look(n, each);
    }
  }

  override rest(): bool {
    for (let n = 0; n < MOST_LINKS; n++) {
      const each = links[n];
      if (each != null && !each.rest()) return false;
    }
    return true;
  }
}

add(new Links());
