/**
 * Xen's block devices as disks, in the order of their numbers at the start (xvda, xvdb and so on). They come and go as the toolstack wants it, but a disk is
 * always the device of the same number: what is on another one is something else.
 */
import { Device } from "../../../../stdlib/block/device";
import { Level } from "../../../../stdlib/core/level";
import { add, Frontends } from "../frontends";
import { NONE, nextDevice } from "../xenbus";
import { Blkfront } from "./blkfront";
import * as log from "./needs/log";
import * as store from "./needs/store";

const MOST_DISKS = 4;
/** Tokens of the watches: of the disks' other sides, and of all devices. */
const FIRST: u32 = 16;
const DEVICES: u32 = FIRST + <u32>MOST_DISKS;

const disks = new StaticArray<Blkfront | null>(MOST_DISKS);

/** How many disks there may be. */
export function count(): i32 {
  return MOST_DISKS;
}

export function device(index: i32): Device {
  let found = disks[index];
  if (found == null) {
    found = new Blkfront();
    disks[index] = found;
  }
  return found;
}

export function start(): void {
  for (let n = 0; n < MOST_DISKS; n++) {
    const each = disks[n];
    if (each != null) each.start(FIRST + <u32>n);
  }
  for (let n = 0; n < MOST_DISKS; n++) {
    const each = disks[n];
    if (each != null) look(n, each);
  }
  store.begin();
  store.text("device/vbd");
  store.watch(DEVICES);
}

function follow(n: i32, each: Blkfront): void {
  if (each.follow()) tell(n, each);
}

/** A disk without a device takes the one that it had, or else the first that no other disk has, and follows its other side from now on. */
function look(n: i32, each: Blkfront): void {
  const device = each.bus.isKnown ? each.bus.device : freeDevice();
  if (device == NONE || !each.attach(device)) return;
  follow(n, each);
}

function freeDevice(): u32 {
  let device = nextDevice("vbd", 0);
  while (device != NONE && isTaken(device)) device = nextDevice("vbd", device + 1);
  return device;
}

function isTaken(device: u32): bool {
  for (let n = 0; n < MOST_DISKS; n++) {
    const each = disks[n];
    if (each != null && each.bus.device == device) return true;
  }
  return false;
}

function tell(n: i32, each: Blkfront): void {
  if (!log.at(Level.notice)) return;
  log.text("disk");
  log.number(<u64>n);
  log.text(each.ready ? " is connected to vbd " : " has lost vbd ");
  log.number(<u64>each.bus.device);
  log.end();
}

@final
class Disks extends Frontends {
  override serve(fired: u64): void {
    for (let n = 0; n < MOST_DISKS; n++) {
      const each = disks[n];
      if (each == null) continue;
      const isAsked = (fired & ((<u64>1) << (<u64>(FIRST + <u32>n)))) != 0;
      const isListed = (fired & ((<u64>1) << (<u64>DEVICES))) != 0;
      if (isAsked && each.attached) follow(n, each);
      else if (isListed) each.checkPath();
      if (!each.attached && (isAsked || isListed)) look(n, each);
    }
  }

  override rest(): bool {
    for (let n = 0; n < MOST_DISKS; n++) {
      const each = disks[n];
      if (each != null && !each.rest()) return false;
    }
    return true;
  }
}

add(new Disks());
