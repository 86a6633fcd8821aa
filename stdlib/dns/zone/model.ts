import { hashFoldedIn } from "../../core/fold";
import { File } from "../../core/values";
import { Growing } from "./growing";
import { Name, nameText } from "./name";

const SPREAD: u64 = ((<u64>0x9e3779b9) << 32) | 0x7f4a7c15;
/** No node, set, record or zone. */
export const NONE = -1;

/**
 * Every zone while it is read and checked: flat arrays, so that a hundred thousand records cost a few megabytes and no objects.
 * A node is a name in a zone (also one that only stands between others: RFC 8020), a set is an RRset, and the records of a set
 * are linked in the order in which they were given.
 */
@final
export class Model {
  readonly files: Array<File> = [];

  /** A zone: its apex node, its position in the description, and which of the zones there it is. */
  readonly zoneApex: Array<i32> = [];
  readonly zoneAt: Array<i32> = [];
  readonly zoneNumber: Array<i32> = [];

  /** A node: parents come before their children. `nodeName` is an offset into `names`. */
  readonly names: Growing = new Growing(4096);
  readonly nodeZone: Array<i32> = [];
  readonly nodeParent: Array<i32> = [];
  readonly nodeName: Array<i32> = [];
  readonly nodeLength: Array<i32> = [];
  readonly nodeHash: Array<u64> = [];
  readonly nodeSet: Array<i32> = [];

  readonly setNode: Array<i32> = [];
  readonly setType: Array<i32> = [];
  readonly setTtl: Array<u32> = [];
  readonly setCount: Array<i32> = [];
  readonly setFirst: Array<i32> = [];
  readonly setLast: Array<i32> = [];
  readonly setNext: Array<i32> = [];

  readonly values: Growing = new Growing(4096);
  readonly recordValue: Array<i32> = [];
  readonly recordLength: Array<i32> = [];
  readonly recordTtl: Array<u32> = [];
  readonly recordNext: Array<i32> = [];
  readonly recordSet: Array<i32> = [];
  /** Where a record was given: an index into `files` and a byte offset with length, or NONE and a position in the description. */
  readonly recordFile: Array<i32> = [];
  readonly recordFrom: Array<i32> = [];
  readonly recordSpan: Array<i32> = [];

  private readonly zones: Map<u64, i32> = new Map();
  private nodeTable: StaticArray<i32> = new StaticArray<i32>(1024);
  private recordTable: StaticArray<i32> = new StaticArray<i32>(1024);

  addZone(apex: Name, at: i32, number: i32): i32 {
    const zone = this.zoneApex.length;
    const node = this.addNode(zone, apex.bytes, 0, apex.length, NONE);
    this.zoneApex.push(node);
    this.zoneAt.push(at);
    this.zoneNumber.push(number);
    this.zones.set(this.nodeHash[node], zone);
    return zone;
  }

  /** The zone whose apex is this name, or NONE. */
  zoneNamed(bytes: StaticArray<u8>, offset: i32, count: i32): i32 {
    const hash = hashFoldedIn(bytes, offset, count);
    if (!this.zones.has(hash)) return NONE;
    const zone = this.zones.get(hash);
    const apex = this.zoneApex[zone];
    return this.nodeLength[apex] == count && this.sameName(apex, bytes, offset) ? zone : NONE;
  }

  /** The deepest zone that a name lies in, or NONE. */
  zoneOf(bytes: StaticArray<u8>, offset: i32, count: i32): i32 {
    const end = offset + count;
    let at = offset;
    while (true) {
      const zone = this.zoneNamed(bytes, at, end - at);
      if (zone != NONE || bytes[at] == 0) return zone;
      at += <i32>bytes[at] + 1;
    }
  }

  /** The node of a name in a zone, or NONE. */
  find(zone: i32, bytes: StaticArray<u8>, offset: i32, count: i32): i32 {
    const mask = this.nodeTable.length - 1;
    const hash = hashFoldedIn(bytes, offset, count);
    let i = slot(hash, zone) & mask;
    while (true) {
      const node = this.nodeTable[i] - 1;
      if (node < 0) return NONE;
      const isIt =
        this.nodeHash[node] == hash && this.nodeZone[node] == zone && this.nodeLength[node] == count;
      if (isIt && this.sameName(node, bytes, offset)) return node;
      i = (i + 1) & mask;
    }
  }

  /** The node of a name at or below the apex of its zone, made with all between them if it is new. */
  node(zone: i32, name: Name): i32 {
    const known = this.find(zone, name.bytes, 0, name.length);
    if (known != NONE) return known;
    const apex = this.nodeLength[this.zoneApex[zone]];
    const cuts = new StaticArray<i32>(128);
    let count = 0;
    let parent = NONE;
    for (let at = 0; name.length - at >= apex; at += <i32>name.bytes[at] + 1) {
      parent = this.find(zone, name.bytes, at, name.length - at);
      if (parent != NONE) break;
      cuts[count++] = at;
    }
    while (count > 0) {
      const at = cuts[--count];
      parent = this.addNode(zone, name.bytes, at, name.length - at, parent);
    }
    return parent;
  }

  /** The deepest node of the zone at or above a name that lies in the zone. */
  encloser(zone: i32, bytes: StaticArray<u8>, offset: i32, count: i32): i32 {
    let at = offset;
    const end = offset + count;
    while (true) {
      const node = this.find(zone, bytes, at, end - at);
      if (node != NONE) return node;
      if (bytes[at] == 0) return NONE;
      at += <i32>bytes[at] + 1;
    }
  }

  /** A node's name as the user writes it. */
  nodeText(node: i32): string {
    return nameText(this.names.bytes, this.nodeName[node]);
  }

  setOf(node: i32, type: i32): i32 {
    for (let set = this.nodeSet[node]; set != NONE; set = this.setNext[set]) {
      if (this.setType[set] == type) return set;
    }
    return NONE;
  }

  /**
   * Adds a record; one that is there already is not added a second time (RFC 2181 5). Gives the record, or NONE.
   * The position is that of `recordFile`, `recordFrom` and `recordSpan`.
   */
  add(node: i32, type: i32, ttl: u32, value: Growing, file: i32, from: i32, span: i32): i32 {
    let set = this.setOf(node, type);
    if (set == NONE) set = this.addSet(node, type, ttl);
    const hash = hashFoldedIn(value.bytes, 0, value.length);
    const mask = this.recordTable.length - 1;
    let i = slot(hash, set) & mask;
    for (; this.recordTable[i] != 0; i = (i + 1) & mask) {
      if (this.sameRecord(this.recordTable[i] - 1, set, value)) return NONE;
    }
    const record = this.recordValue.length;
    this.recordValue.push(this.values.length);
    this.recordLength.push(value.length);
    this.recordTtl.push(ttl);
    this.recordNext.push(NONE);
    this.recordFile.push(file);
    this.recordFrom.push(from);
    this.recordSpan.push(span);
    this.recordSet.push(set);
    this.values.append(value.bytes, 0, value.length);
    if (this.setFirst[set] == NONE) this.setFirst[set] = record;
    else this.recordNext[this.setLast[set]] = record;
    this.setLast[set] = record;
    this.setCount[set]++;
    this.setTtl[set] = min(this.setTtl[set], ttl);
    this.recordTable[i] = record + 1;
    if (record * 2 > mask) this.growRecords();
    return record;
  }

  private sameRecord(record: i32, set: i32, value: Growing): bool {
    if (this.recordSet[record] != set || this.recordLength[record] != value.length) return false;
    const offset = this.recordValue[record];
    for (let i = 0; i < value.length; i++) if (this.values.bytes[offset + i] != value.bytes[i]) return false;
    return true;
  }

  private addSet(node: i32, type: i32, ttl: u32): i32 {
    const set = this.setNode.length;
    this.setNode.push(node);
    this.setType.push(type);
    this.setTtl.push(ttl);
    this.setCount.push(0);
    this.setFirst.push(NONE);
    this.setLast.push(NONE);
    this.setNext.push(NONE);
    if (this.nodeSet[node] == NONE) {
      this.nodeSet[node] = set;
      return set;
    }
    let last = this.nodeSet[node];
    while (this.setNext[last] != NONE) last = this.setNext[last];
    this.setNext[last] = set;
    return set;
  }

  private addNode(zone: i32, bytes: StaticArray<u8>, offset: i32, count: i32, parent: i32): i32 {
    const node = this.nodeZone.length;
    this.nodeZone.push(zone);
    this.nodeParent.push(parent);
    this.nodeName.push(this.names.length);
    this.nodeLength.push(count);
    this.nodeHash.push(hashFoldedIn(bytes, offset, count));
    this.nodeSet.push(NONE);
    this.names.append(bytes, offset, count);
    if (node * 2 >= this.nodeTable.length) this.growNodes();
    else this.enter(node);
    return node;
  }

  private enter(node: i32): void {
    const mask = this.nodeTable.length - 1;
    let i = slot(this.nodeHash[node], this.nodeZone[node]) & mask;
    while (this.nodeTable[i] != 0) i = (i + 1) & mask;
    this.nodeTable[i] = node + 1;
  }

  private growNodes(): void {
    this.nodeTable = new StaticArray<i32>(this.nodeTable.length * 4);
    for (let node = 0; node < this.nodeZone.length; node++) this.enter(node);
  }

  private growRecords(): void {
    this.recordTable = new StaticArray<i32>(this.recordTable.length * 4);
    const mask = this.recordTable.length - 1;
    for (let record = 0; record < this.recordValue.length; record++) {
      const hash = hashFoldedIn(this.values.bytes, this.recordValue[record], this.recordLength[record]);
      let i = slot(hash, this.recordSet[record]) & mask;
      while (this.recordTable[i] != 0) i = (i + 1) & mask;
      this.recordTable[i] = record + 1;
    }
  }

  private sameName(node: i32, bytes: StaticArray<u8>, offset: i32): bool {
    const from = this.nodeName[node];
    for (let i = 0; i < this.nodeLength[node]; i++) {
      if (this.names.bytes[from + i] != bytes[offset + i]) return false;
    }
    return true;
  }
}

function slot(hash: u64, salt: i32): i32 {
  return <i32>((hash ^ (SPREAD * (<u64>salt + 1))) >> 17) & 0x7fffffff;
}
