import { AFTER_NAME, HEADER, OWNER } from "../layout";
import { Formats } from "../master/formats";
import { Growing } from "./growing";
import { Model, NONE } from "./model";
import { hasShape } from "./shape";

/** Names that later ones may be compressed to; more than a real set has. */
const MOST_ANCHORS = 64;
/** A pointer reaches 2^14; answers are at most 4096 bytes, but the offsets of a block move with the question. */
const FARTHEST = 0x2000;

/** Writes the records of one set as `layout.ts` describes them. */
@final
export class BlockWriter {
  readonly wire: Growing = new Growing(512);
  readonly relocations: Array<i32> = [];
  /** For each record with names: where in the message its last name is, before relocation. */
  readonly places: Array<i32> = [];

  private readonly model: Model;
  private readonly formats: Formats;
  private readonly names: Array<i32> = [];
  private anchorBytes: Array<StaticArray<u8>> = [];
  private readonly anchorFrom: Array<i32> = [];
  private readonly anchorLength: Array<i32> = [];
  private readonly anchorAt: Array<i32> = [];
  private base: i32 = 0;

  constructor(model: Model, formats: Formats) {
    this.model = model;
    this.formats = formats;
  }

  write(set: i32, ttl: u32): void {
    const model = this.model;
    const node = model.setNode[set];
    const type = model.setType[set];
    const format = this.formats.of(type);
    this.wire.length = 0;
    this.relocations.length = 0;
    this.places.length = 0;
    this.base = HEADER + model.nodeLength[node] + AFTER_NAME;
    this.ownerAnchors(node);
    for (let record = model.setFirst[set]; record != NONE; record = model.recordNext[record]) {
      this.wire.be16(OWNER);
      this.wire.be16(type);
      this.wire.be16(1);
      this.wire.be32(ttl);
      const sizeAt = this.wire.length;
      this.wire.be16(0);
      this.value(model.recordValue[record], model.recordLength[record], format);
      this.wire.setBe16(sizeAt, this.wire.length - sizeAt - 2);
    }
  }

  /** The parts of the owner's name. A wildcard stands for other names, so only what follows its `*` is sure to be there. */
  private ownerAnchors(node: i32): void {
    const bytes = this.model.names.bytes;
    const from = this.model.nodeName[node];
    const length = this.model.nodeLength[node];
    this.anchorBytes = [];
    this.anchorFrom.length = 0;
    this.anchorLength.length = 0;
    this.anchorAt.length = 0;
    let at = bytes[from] == 1 && bytes[from + 1] == 0x2a ? 2 : 0;
    for (; at < length - 1; at += <i32>bytes[from + at] + 1)
      this.anchor(bytes, from + at, length - at, HEADER + at);
  }

  private anchor(bytes: StaticArray<u8>, from: i32, length: i32, at: i32): void {
    if (this.anchorAt.length >= MOST_ANCHORS || at >= FARTHEST) return;
    this.anchorBytes.push(bytes);
    this.anchorFrom.push(from);
    this.anchorLength.push(length);
    this.anchorAt.push(at);
  }

  private value(from: i32, length: i32, format: string): void {
    const bytes = this.model.values.bytes;
    hasShape(format, bytes, from, length, this.names);
    if (!format.includes("n")) {
      if (this.names.length > 0) this.places.push(this.base + this.wire.length + this.names[0] - from);
      this.wire.append(bytes, from, length);
      return;
    }
    let at = from;
    for (let i = 0; i < this.names.length; i++) {
      this.wire.append(bytes, at, this.names[i] - at);
      at = this.names[i];
      while (bytes[at] != 0) at += <i32>bytes[at] + 1;
      at++;
      const place = this.name(bytes, this.names[i], at - this.names[i]);
      if (i == this.names.length - 1) this.places.push(place);
    }
    this.wire.append(bytes, at, from + length - at);
  }

  /** Writes a name as labels and a pointer; gives where in the message it can be found. */
  private name(bytes: StaticArray<u8>, from: i32, length: i32): i32 {
    const begin = this.base + this.wire.length;
    let at = 0;
    while (at < length - 1) {
      const known = this.find(bytes, from + at, length - at);
      if (known >= 0) {
        this.relocations.push(this.wire.length);
        this.wire.be16(0xc000 | known);
        return at == 0 ? known : begin;
      }
      this.anchor(bytes, from + at, length - at, begin + at);
      const size = <i32>bytes[from + at] + 1;
      this.wire.append(bytes, from + at, size);
      at += size;
    }
    this.wire.u8(0);
    return begin;
  }

  private find(bytes: StaticArray<u8>, from: i32, length: i32): i32 {
    for (let i = 0; i < this.anchorAt.length; i++) {
      if (this.anchorLength[i] != length) continue;
      const other = this.anchorBytes[i];
      let same = true;
      for (let k = 0; k < length && same; k++) same = other[this.anchorFrom[i] + k] == bytes[from + k];
      if (same) return this.anchorAt[i];
    }
    return -1;
  }
}
