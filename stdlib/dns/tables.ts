import { Bytes } from "../core/bytes";
import { FIRST_ZONE, ZONE_SIZE } from "./layout";
import { secondary } from "./parts";

/**
 * What `prepare` leaves to the server. `records` is described in `layout.ts`; `slots` is an open hash table of all names: the low
 * half of an entry is the offset of a node, the high half that of the name's hash; a power of two, at most half full.
 */
export let records: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
export let slots: StaticArray<u64> = [0];
/** The most labels of any name, so that a long question costs no more look-ups than a short one. */
export let deepest: i32 = 0;
/** Counts how often a zone has changed since the start. */
export let version: u32 = 0;

export function install(newRecords: StaticArray<u8>, newSlots: StaticArray<u64>, newDeepest: i32): void {
  records = new Bytes(newRecords, 0, newRecords.length);
  slots = newSlots;
  deepest = newDeepest;
  if (!secondary) return;
  image = new Bytes(newRecords, 0, newRecords.length);
  imageSlots = newSlots;
  imageDeepest = newDeepest;
}

/** A zone that is not part of the image: a table of its own. */
@final
export class Table {
  bytes: Bytes;
  slots: StaticArray<u64>;
  members: StaticArray<u32>;
  /** Bytes and nodes that it has. */
  length: u32 = 0;
  count: u32 = 0;
  deepest: i32 = 0;

  /** In `prepare`: with so much memory in all. */
  constructor(memory: u32) {
    // A name takes some eighty bytes with its records: the table of names is at most three quarters full then.
    let size: u32 = 64;
    while (size * 64 < memory) size *= 2;
    const nodes = size - size / 4;
    const rest = memory - min(memory, size * 8 + nodes * 4);
    this.slots = new StaticArray<u64>(<i32>size);
    this.members = new StaticArray<u32>(<i32>nodes);
    this.bytes = new Bytes(new StaticArray<u8>(<i32>rest), 0, rest);
  }

  clear(): void {
    for (let n = 0; n < this.slots.length; n++) this.slots[n] = 0;
    this.length = 0;
    this.count = 0;
    this.deepest = 0;
  }
}

let image: Bytes = records;
let imageSlots: StaticArray<u64> = slots;
let imageDeepest: i32 = 0;
/** The table in use, if it is not that of the image. */
let used: Table | null = null;

/** Looks into that of the image from now on. */
export function useImage(): void {
  records.window(image, 0, image.length);
  slots = imageSlots;
  deepest = imageDeepest;
  used = null;
}

export function useTable(table: Table): void {
  records.window(table.bytes, 0, table.length);
  slots = table.slots;
  deepest = table.deepest;
  used = table;
}

/** Some zone has changed. */
export function countVersion(): void {
  version += 1;
}

/** For transfers: the offsets of all nodes, and for each zone where its own begin among them, with one number more behind the last. */
let members: StaticArray<u32> = [];
let memberFrom: StaticArray<u32> = [0, 0];

export function installMembers(newMembers: StaticArray<u32>, newFrom: StaticArray<u32>): void {
  members = newMembers;
  memberFrom = newFrom;
}

/** For each zone of the description where it is; 0: it is not in this table. */
let zones: StaticArray<u32> = [];

export function installZones(newZones: StaticArray<u32>): void {
  zones = newZones;
}

export function zoneNumbered(number: u32): u32 {
  return number < <u32>zones.length ? zones[number] : 0;
}

/** How many nodes a zone has. */
export function membersOf(zone: u32): u32 {
  if (secondary) {
    const table = used;
    if (table != null) return table.count;
  }
  const number = <i32>((zone - FIRST_ZONE) / ZONE_SIZE);
  return memberFrom[number + 1] - memberFrom[number];
}

export function memberAt(zone: u32, index: u32): u32 {
  if (secondary) {
    const table = used;
    if (table != null) return table.members[index];
  }
  return members[<i32>(memberFrom[<i32>((zone - FIRST_ZONE) / ZONE_SIZE)] + index)];
}
