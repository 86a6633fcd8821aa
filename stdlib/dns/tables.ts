import { Bytes } from "../core/bytes";
import { FIRST_ZONE, ZONE_SIZE } from "./layout";

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
  return zones[number];
}

/** How many nodes a zone has. */
export function membersOf(zone: u32): u32 {
  const number = <i32>((zone - FIRST_ZONE) / ZONE_SIZE);
  return memberFrom[number + 1] - memberFrom[number];
}

export function memberAt(zone: u32, index: u32): u32 {
  return members[<i32>(memberFrom[<i32>((zone - FIRST_ZONE) / ZONE_SIZE)] + index)];
}
