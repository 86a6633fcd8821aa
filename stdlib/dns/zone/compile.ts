import * as layout from "../layout";
import { Formats } from "../master/formats";
import { notify, transfer } from "../parts";
import { install, installMembers, installZones } from "../tables";
import * as types from "../types";
import { BlockWriter } from "./block";
import { targetOffset } from "./check";
import { Growing } from "./growing";
import { Model, NONE } from "./model";
import { Name } from "./name";

/** Extras of one block: more addresses than any answer can carry. */
const MOST_EXTRAS = 128;

/** Makes the tables of the server (`layout.ts`) from the model. All zones are known and free of errors. */
@final
export class Compiler {
  private readonly model: Model;
  private readonly writer: BlockWriter;
  private readonly out: Growing = new Growing(65536);

  /** Per node: the delegation at or above it, and whether a zone of its own has taken over the name. */
  private readonly cut: Array<i32> = [];
  private readonly shadowed: Array<bool> = [];
  private readonly wildcard: Array<i32> = [];
  /** Offsets in the table, 0 while unknown. */
  private readonly nodeAt: Array<u32> = [];
  private readonly setAt: Array<u32> = [];
  private readonly zoneAt: Array<u32> = [];
  /** Places of the table that take the offset of a node (number >= 0) or of a set (-1 - number) once all is written. */
  private readonly fixAt: Array<i32> = [];
  private readonly fixFor: Array<i32> = [];
  private deepest: i32 = 0;

  constructor(model: Model, formats: Formats) {
    this.model = model;
    this.writer = new BlockWriter(model, formats);
  }

  run(): void {
    this.relate();
    this.classify();
    this.zones();
    const model = this.model;
    for (let set = 0; set < model.setNode.length; set++) this.setAt.push(0);
    for (let node = 0; node < model.nodeZone.length; node++) this.node(node);
    for (let i = 0; i < this.fixAt.length; i++) {
      const id = this.fixFor[i];
      this.out.setLe32(this.fixAt[i], id >= 0 ? this.nodeAt[id] : this.setAt[-1 - id]);
    }
    install(this.out.exact(), this.hashTable(), this.deepest);
    if (transfer) this.members();
    if (notify) this.numbers();
  }

  /** The apex of a zone below another zone of ours is a name there too: for DS, which only the upper zone answers. */
  private relate(): void {
    const model = this.model;
    const name = new Name();
    for (let zone = 0; zone < model.zoneApex.length; zone++) {
      const above = this.zoneAbove(zone);
      if (above == NONE) continue;
      const apex = model.zoneApex[zone];
      name.take(model.names.bytes, model.nodeName[apex], model.nodeLength[apex]);
      model.node(above, name);
    }
  }

  private zoneAbove(zone: i32): i32 {
    const model = this.model;
    const apex = model.zoneApex[zone];
    const from = model.nodeName[apex];
    const first = <i32>model.names.bytes[from];
    if (first == 0) return NONE;
    return model.zoneOf(model.names.bytes, from + first + 1, model.nodeLength[apex] - first - 1);
  }

  /** Parents come before children, so one pass tells each node what it inherits. */
  private classify(): void {
    const model = this.model;
    for (let node = 0; node < model.nodeZone.length; node++) {
      const parent = model.nodeParent[node];
      const from = model.nodeName[node];
      const bytes = model.names.bytes;
      let cut = parent == NONE ? NONE : this.cut[parent];
      let shadowed = parent != NONE && this.shadowed[parent];
      if (parent != NONE) {
        if (cut == NONE && model.setOf(node, types.NS) != NONE) cut = node;
        const zone = model.zoneNamed(bytes, from, model.nodeLength[node]);
        if (zone != NONE && zone != model.nodeZone[node]) shadowed = true;
        if (bytes[from] == 1 && bytes[from + 1] == 0x2a) this.wildcard[parent] = node;
      }
      this.cut.push(cut);
      this.shadowed.push(shadowed);
      this.wildcard.push(NONE);
      this.nodeAt.push(0);
      if (shadowed) continue;
      let labels = 0;
      for (let at = from; bytes[at] != 0; at += <i32>bytes[at] + 1) labels++;
      this.deepest = max(this.deepest, labels);
    }
  }

  private zones(): void {
    const model = this.model;
    this.out.le32(0);
    this.out.le32(0);
    for (let zone = 0; zone < model.zoneApex.length; zone++) {
      this.zoneAt.push(this.out.length);
      for (let i = 0; i < layout.ZONE_SIZE / 4; i++) this.out.le32(0);
    }
    for (let zone = 0; zone < model.zoneApex.length; zone++) {
      const at = this.zoneAt[zone];
      const apex = model.zoneApex[zone];
      this.fix(at, apex);
      this.out.setLe32(at + layout.ZONE_NUMBER, <u32>model.zoneNumber[zone]);
      const above = this.zoneAbove(zone);
      if (above == NONE) continue;
      const upper = model.find(above, model.names.bytes, model.nodeName[apex], model.nodeLength[apex]);
      this.fix(at + layout.ZONE_CUT, upper);
    }
  }

  private node(node: i32): void {
    const model = this.model;
    const out = this.out;
    const length = model.nodeLength[node];
    const cut = this.cut[node];
    out.align(8);
    const at = out.length;
    this.nodeAt[node] = at;
    let kind = layout.NORMAL;
    let link = this.wildcard[node];
    if (cut != NONE) {
      kind = layout.CUT;
      link = cut;
    } else if (model.setOf(node, types.DNAME) != NONE) kind = layout.REDIRECTED;
    out.le16(length);
    out.u8(kind);
    out.u8(model.setOf(node, types.CNAME) != NONE ? 1 : 0);
    if (link != NONE) this.fix(out.length, link);
    out.le32(0);
    out.le32(this.zoneAt[model.nodeZone[node]]);
    const countAt = out.length;
    out.le32(0);
    out.append(model.names.bytes, model.nodeName[node], length);
    out.align(8);
    const count = this.setList(node);
    out.setLe32(countAt, count);
    for (let set = model.nodeSet[node]; set != NONE; set = model.setNext[set]) this.block(set);
    if (model.zoneApex[model.nodeZone[node]] == node) this.negative(node);
  }

  private setList(node: i32): i32 {
    const model = this.model;
    const preferred = this.preferred(node);
    let count = 0;
    for (let pass = 0; pass < 2; pass++) {
      for (let set = model.nodeSet[node]; set != NONE; set = model.setNext[set]) {
        if ((set == preferred) != (pass == 0)) continue;
        this.out.le16(model.setType[set]);
        this.out.le16(min(model.setCount[set], 65535));
        this.fix(this.out.length, -1 - set);
        this.out.le32(0);
        count++;
      }
    }
    return count;
  }

  /** The one set that answers a question for ANY (RFC 8482 4.1): a popular one that is small, else the last. */
  private preferred(node: i32): i32 {
    const model = this.model;
    let last = NONE;
    let signing = NONE;
    for (let set = model.nodeSet[node]; set != NONE; set = model.setNext[set]) {
      const type = model.setType[set];
      if (type == types.A || type == types.AAAA || type == types.SOA || type == types.MX || type == types.PTR)
        return set;
      if (type == types.DNSKEY) signing = set;
      else last = set;
    }
    return last == NONE ? signing : last;
  }

  private block(set: i32): void {
    const model = this.model;
    this.writer.write(set, model.setTtl[set]);
    const type = model.setType[set];
    const extras = new Growing(64);
    const fixes: Array<i32> = [];
    let count = 0;
    if (type == types.CNAME) this.aliasExtra(set, extras, fixes);
    else if (type == types.DNAME) this.redirectionExtra(set, extras);
    else if (targetOffset(type) >= 0) {
      this.addresses(set, types.A, extras, fixes);
      this.addresses(set, types.AAAA, extras, fixes);
      count = fixes.length;
    }
    this.setAt[set] = this.emit(model.setCount[set], count, extras, fixes);
  }

  /** The SOA with the TTL that negative answers have: RFC 2308 3. */
  private negative(apex: i32): void {
    const model = this.model;
    const set = model.setOf(apex, types.SOA);
    const end = model.recordValue[model.setFirst[set]] + model.recordLength[model.setFirst[set]];
    let minimum: u32 = 0;
    for (let i = end - 4; i < end; i++) minimum = (minimum << 8) | <u32>model.values.bytes[i];
    this.writer.write(set, min(model.setTtl[set], minimum));
    const at = this.emit(1, 0, new Growing(1), []);
    this.out.setLe32(this.zoneAt[model.nodeZone[apex]] + layout.ZONE_NEGATIVE, at);
  }

  private emit(count: i32, counted: i32, extras: Growing, fixes: Array<i32>): u32 {
    const out = this.out;
    const writer = this.writer;
    out.align(8);
    const at = out.length;
    out.le16(writer.wire.length);
    out.le16(writer.relocations.length);
    out.le16(counted);
    out.le16(min(count, 65535));
    out.append(writer.wire.bytes, 0, writer.wire.length);
    out.align(4);
    for (let i = 0; i < writer.relocations.length; i++) out.le16(writer.relocations[i]);
    out.align(4);
    for (let i = 0; i < fixes.length; i++) this.fix(out.length + i * layout.EXTRA_SIZE, fixes[i]);
    out.append(extras.bytes, 0, extras.length);
    out.align(8);
    return at;
  }

  /** Where the search goes on after a CNAME: names do not change, so the look-up is made here. */
  private aliasExtra(set: i32, extras: Growing, fixes: Array<i32>): void {
    const model = this.model;
    const record = model.setFirst[set];
    const from = model.recordValue[record];
    const length = model.recordLength[record];
    const zone = model.zoneOf(model.values.bytes, from, length);
    const node = zone == NONE ? NONE : model.encloser(zone, model.values.bytes, from, length);
    if (node != NONE) fixes.push(node);
    extras.le32(0);
    extras.le16(length);
    extras.le16(node != NONE && model.nodeLength[node] == length ? 1 : 0);
  }

  private redirectionExtra(set: i32, extras: Growing): void {
    const model = this.model;
    const record = model.setFirst[set];
    const owner = new Name();
    const target = new Name();
    const node = model.setNode[set];
    owner.take(model.names.bytes, model.nodeName[node], model.nodeLength[node]);
    target.take(model.values.bytes, model.recordValue[record], model.recordLength[record]);
    extras.le32(0);
    extras.le16(target.length);
    extras.le16(target.within(owner) ? 1 : 0);
  }

  /** The addresses, of one family, of the hosts that a set names, as far as its zone has them. */
  private addresses(set: i32, family: i32, extras: Growing, fixes: Array<i32>): void {
    const model = this.model;
    const node = model.setNode[set];
    const type = model.setType[set];
    const offset = targetOffset(type);
    const zone = model.nodeZone[node];
    let index = 0;
    for (let record = model.setFirst[set]; record != NONE; record = model.recordNext[record]) {
      const place = this.writer.places[index++];
      const from = model.recordValue[record] + offset;
      const length = model.recordLength[record] - offset;
      if (place >= 0x3f00 || fixes.length >= MOST_EXTRAS) return;
      if (!this.inZone(zone, from, length)) continue;
      let host = model.encloser(zone, model.values.bytes, from, length);
      const below = this.cut[host];
      if (below != NONE && type != types.NS) continue;
      const exact = model.nodeLength[host] == length;
      if (!exact) host = this.wildcard[host];
      const found = host == NONE ? NONE : model.setOf(host, family);
      if (found == NONE || this.isThere(extras, fixes, -1 - found, place, exact)) continue;
      fixes.push(-1 - found);
      extras.le32(0);
      extras.le16(place);
      const isGlue = type == types.NS && below != NONE && below == node;
      extras.le16((family == types.AAAA ? layout.EXTRA_AAAA : 0) | (isGlue ? layout.EXTRA_GLUE : 0));
    }
  }

  private inZone(zone: i32, from: i32, length: i32): bool {
    const model = this.model;
    const apex = model.zoneApex[zone];
    const bytes = model.values.bytes;
    let at = from;
    while (from + length - at > model.nodeLength[apex]) at += <i32>bytes[at] + 1;
    return model.find(zone, bytes, at, from + length - at) == apex;
  }

  /** Two records may name the same host; a wildcard's addresses belong to each name once. */
  private isThere(extras: Growing, fixes: Array<i32>, id: i32, place: i32, exact: bool): bool {
    for (let i = 0; i < fixes.length; i++) {
      if (fixes[i] != id) continue;
      const at = i * layout.EXTRA_SIZE + 4;
      if (exact || (<i32>extras.bytes[at] | ((<i32>extras.bytes[at + 1]) << 8)) == place) return true;
    }
    return false;
  }

  private fix(at: i32, id: i32): void {
    this.fixAt.push(at);
    this.fixFor.push(id);
  }

  /** For each zone its nodes, also those that no question leads to: glue below a zone of its own. */
  private members(): void {
    const model = this.model;
    const members: Array<u32> = [];
    const from: Array<u32> = [0];
    for (let zone = 0; zone < model.zoneApex.length; zone++) {
      for (let node = 0; node < model.nodeZone.length; node++)
        if (model.nodeZone[node] == zone) members.push(this.nodeAt[node]);
      from.push(members.length);
    }
    installMembers(StaticArray.fromArray(members), StaticArray.fromArray(from));
  }

  private numbers(): void {
    const numbers = this.model.zoneNumber;
    let count = 0;
    for (let zone = 0; zone < numbers.length; zone++) count = max(count, numbers[zone] + 1);
    const places = new StaticArray<u32>(count);
    for (let zone = 0; zone < numbers.length; zone++) places[numbers[zone]] = this.zoneAt[zone];
    installZones(places);
  }

  private hashTable(): StaticArray<u64> {
    const model = this.model;
    let visible = 0;
    for (let node = 0; node < model.nodeZone.length; node++) if (!this.shadowed[node]) visible++;
    let size = 2;
    while (size < visible * 2) size *= 2;
    const slots = new StaticArray<u64>(size);
    for (let node = 0; node < model.nodeZone.length; node++) {
      if (this.shadowed[node]) continue;
      const hash = model.nodeHash[node];
      let i = <i32>(hash & <u64>(size - 1));
      while (slots[i] != 0) i = (i + 1) & (size - 1);
      slots[i] = ((hash >> 32) << 32) | <u64>this.nodeAt[node];
    }
    return slots;
  }
}
