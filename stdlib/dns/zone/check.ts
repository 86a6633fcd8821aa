import { isSmall } from "../../core/machine";
import { error, warning } from "../../core/report";
import { Formats } from "../master/formats";
import * as types from "../types";
import { Model, NONE } from "./model";
import { nameText } from "./name";
import { errorOf, warningOf } from "./report";

/** So many mistakes of a zone are shown; the rest are counted. */
const MOST = 20;
/** The value of a record, and so a set with its headers, is at most this long (RFC 1035 4.2.2). */
const LONGEST_SET = isSmall ? 16000 : 65000;

/** How the target of a record stands to its zone. */
const OUTSIDE = 0;
const HAS_ADDRESS = 1;
const NO_ADDRESS = 2;
const IS_ALIAS = 3;
/** Below a delegation: another zone knows. */
const DELEGATED = 4;

/** The rules that a zone has to keep as a whole. */
@final
export class Checker {
  private readonly model: Model;
  private readonly formats: Formats;
  private readonly zone: i32;
  private readonly apex: i32;
  private errors: i32 = 0;
  private warnings: i32 = 0;
  /** For each node of the zone the delegation and the DNAME at or above it, or NONE. Nodes of one zone need not be contiguous. */
  private readonly cut: Map<i32, i32> = new Map();
  private readonly glue: Set<i32> = new Set();

  constructor(model: Model, formats: Formats, zone: i32) {
    this.model = model;
    this.formats = formats;
    this.zone = zone;
    this.apex = model.zoneApex[zone];
  }

  /** Checks the zone, whose nodes have numbers from its apex to below `end`; false if it has a mistake. */
  run(end: i32): bool {
    this.authority();
    for (let node = this.apex; node < end; node++) this.above(node);
    for (let node = this.apex; node < end; node++) this.sets(node);
    for (let node = this.apex; node < end; node++) this.place(node);
    if (this.warnings > MOST) {
      warning(
        "W0733",
        this.model.zoneAt[this.zone],
        `the zone has ${this.warnings - MOST} more warnings`,
        "",
      );
    }
    if (this.errors > MOST) {
      error("E0735", this.model.zoneAt[this.zone], `the zone has ${this.errors - MOST} more mistakes`, "");
    }
    return this.errors == 0;
  }

  private authority(): void {
    const model = this.model;
    const soa = model.setOf(this.apex, types.SOA);
    const name = model.nodeText(this.apex);
    if (soa == NONE) {
      this.errors++;
      error(
        "E0723",
        model.zoneAt[this.zone],
        `the zone ${name} has no SOA record`,
        "its first record is the SOA of the zone's own name",
      );
    } else if (model.setCount[soa] > 1) {
      this.wrong(model.setLast[soa], "E0723", `the zone ${name} has more than one SOA record`, "");
    }
    if (model.setOf(this.apex, types.NS) == NONE) {
      this.errors++;
      error(
        "E0724",
        model.zoneAt[this.zone],
        `the zone ${name} names no server`,
        "give at least one NS record for the zone's own name",
      );
    }
  }

  private above(node: i32): void {
    const parent = this.model.nodeParent[node];
    let cut = parent == NONE ? NONE : this.cutOf(parent);
    if (cut == NONE && node != this.apex && this.model.setOf(node, types.NS) != NONE) cut = node;
    if (cut != NONE) this.cut.set(node, cut);
  }

  private cutOf(node: i32): i32 {
    return this.cut.has(node) ? this.cut.get(node) : NONE;
  }

  /** Each set by itself: TTLs, size, targets. */
  private sets(node: i32): void {
    const model = this.model;
    for (let set = model.nodeSet[node]; set != NONE; set = model.setNext[set]) {
      const type = model.setType[set];
      let size = 0;
      let uneven = NONE;
      for (let record = model.setFirst[set]; record != NONE; record = model.recordNext[record]) {
        size += model.recordLength[record] + 12;
        if (model.recordTtl[record] != model.recordTtl[model.setFirst[set]]) uneven = record;
        this.target(node, type, record);
      }
      if (size > LONGEST_SET) {
        this.wrong(
          model.setFirst[set],
          "E0727",
          `the ${this.formats.name(type)} records of ${model.nodeText(node)} are ${size} bytes: more than one answer can hold`,
          "",
        );
      }
      if (uneven != NONE) {
        const ttl = model.setTtl[set];
        this.warn(
          uneven,
          "W0732",
          `the ${this.formats.name(type)} records of ${model.nodeText(node)} have different TTLs (RFC 2181 5.2)`,
          `the smallest is used for all: ${ttl}`,
        );
      }
    }
  }

  /** The name that an NS, MX or SRV record points to. */
  private target(node: i32, type: i32, record: i32): void {
    const offset = targetOffset(type);
    if (offset < 0) return;
    const model = this.model;
    const from = model.recordValue[record] + offset;
    const length = model.recordLength[record] - offset;
    const cut = this.cutOf(node);
    if (cut != NONE && node != cut) return;
    if (type == types.NS) {
      this.server(node, record, from, length);
      return;
    }
    if (cut != NONE) return;
    const found = this.lookUp(from, length);
    const name = nameText(model.values.bytes, from);
    if (found == IS_ALIAS)
      this.warn(
        record,
        "W0725",
        `\`${name}\` is an alias, and ${this.formats.name(type)} may not point to one (RFC 2181 10.3)`,
        "name the host itself",
      );
    else if (found == NO_ADDRESS)
      this.warn(record, "W0733", `\`${name}\` has no address in this zone`, "add its A or AAAA record");
  }

  private server(node: i32, record: i32, from: i32, length: i32): void {
    const model = this.model;
    const found = this.lookUp(from, length);
    const name = nameText(model.values.bytes, from);
    if (found == IS_ALIAS) {
      this.wrong(
        record,
        "E0725",
        `\`${name}\` is an alias, and NS may not point to one (RFC 2181 10.3)`,
        "name the host itself",
      );
    } else if (found == NO_ADDRESS) {
      this.wrong(
        record,
        "E0726",
        `the server \`${name}\` has no address in this zone`,
        "add its A or AAAA record",
      );
    } else if (found == DELEGATED) {
      const host = model.find(this.zone, model.values.bytes, from, length);
      const address = host != NONE && this.hasAddress(host);
      if (address) this.glue.add(host);
      const encloser = model.encloser(this.zone, model.values.bytes, from, length);
      if (!address && this.cutOf(encloser) == node) {
        this.wrong(
          record,
          "E0726",
          `the address of \`${name}\` is needed to reach the zone it serves, and is not here`,
          "add its A or AAAA record below the NS record (glue)",
        );
      }
    }
  }

  private lookUp(from: i32, length: i32): i32 {
    const model = this.model;
    const bytes = model.values.bytes;
    const apexLength = model.nodeLength[this.apex];
    let at = from;
    while (from + length - at > apexLength) at += <i32>bytes[at] + 1;
    if (model.find(this.zone, bytes, at, from + length - at) != this.apex) return OUTSIDE;
    let node = model.encloser(this.zone, bytes, from, length);
    if (this.cutOf(node) != NONE) return DELEGATED;
    if (model.nodeLength[node] != length) {
      if (model.setOf(node, types.DNAME) != NONE) return OUTSIDE;
      node = this.wildcard(node);
      if (node == NONE) return NO_ADDRESS;
    }
    if (model.setOf(node, types.CNAME) != NONE) return IS_ALIAS;
    return this.hasAddress(node) ? HAS_ADDRESS : NO_ADDRESS;
  }

  private wildcard(node: i32): i32 {
    const model = this.model;
    const length = model.nodeLength[node];
    const star = new StaticArray<u8>(length + 2);
    star[0] = 1;
    star[1] = 0x2a;
    for (let i = 0; i < length; i++) star[i + 2] = model.names.bytes[model.nodeName[node] + i];
    return model.find(this.zone, star, 0, length + 2);
  }

  private hasAddress(node: i32): bool {
    return this.model.setOf(node, types.A) != NONE || this.model.setOf(node, types.AAAA) != NONE;
  }

  /** What may stand beside, above and below each other. */
  private place(node: i32): void {
    const model = this.model;
    if (model.nodeSet[node] == NONE) return;
    this.alias(node);
    this.redirection(node);
    const soa = model.setOf(node, types.SOA);
    if (soa != NONE && node != this.apex) {
      this.wrong(
        model.setFirst[soa],
        "E0723",
        `a SOA record belongs to the zone's own name, ${model.nodeText(this.apex)}`,
        "",
      );
    }
    const cut = this.cutOf(node);
    if (cut == NONE) return;
    for (let set = model.nodeSet[node]; set != NONE; set = model.setNext[set]) {
      const type = model.setType[set];
      if (node == cut && (type == types.NS || type == types.DS)) continue;
      if ((type == types.A || type == types.AAAA) && this.glue.has(node)) continue;
      this.warn(
        model.setFirst[set],
        "W0734",
        `${model.nodeText(cut)} is delegated to other servers, so this record is never given`,
        "remove it: it belongs into the zone that they have",
      );
    }
  }

  private alias(node: i32): void {
    const model = this.model;
    const cname = model.setOf(node, types.CNAME);
    if (cname == NONE) return;
    const name = model.nodeText(node);
    if (model.setCount[cname] > 1) {
      this.wrong(
        model.setLast[cname],
        "E0721",
        `\`${name}\` is an alias twice (RFC 2181 10.1)`,
        "remove one of the two",
      );
    }
    const first = model.nodeSet[node];
    if (first == cname && model.setNext[first] == NONE) return;
    const other = first == cname ? model.setNext[first] : first;
    const type = this.formats.name(model.setType[other]);
    this.wrong(
      model.setFirst[cname],
      "E0721",
      `\`${name}\` is an alias (CNAME) and has ${type} records as well (RFC 1034 3.6.2)`,
      "remove one of the two",
    );
  }

  private redirection(node: i32): void {
    const model = this.model;
    const dname = model.setOf(node, types.DNAME);
    if (dname != NONE && model.setCount[dname] > 1) {
      this.wrong(
        model.setLast[dname],
        "E0728",
        `\`${model.nodeText(node)}\` has more than one DNAME (RFC 6672 2.4)`,
        "",
      );
    }
    if (dname != NONE && node != this.apex && model.setOf(node, types.NS) != NONE) {
      this.wrong(
        model.setFirst[dname],
        "E0728",
        `\`${model.nodeText(node)}\` is delegated and redirected (RFC 6672 2.3)`,
        "remove NS or DNAME",
      );
    }
    for (let parent = model.nodeParent[node]; parent != NONE; parent = model.nodeParent[parent]) {
      if (model.setOf(parent, types.DNAME) == NONE) continue;
      const record = model.setFirst[model.nodeSet[node]];
      this.wrong(
        record,
        "E0728",
        `all names below \`${model.nodeText(parent)}\` are redirected by its DNAME, so none may have records (RFC 6672 2.4)`,
        "remove them, or the DNAME",
      );
      return;
    }
  }

  private wrong(record: i32, code: string, message: string, help: string): void {
    if (this.errors++ < MOST) errorOf(this.model, record, code, message, help);
  }

  private warn(record: i32, code: string, message: string, help: string): void {
    if (this.warnings++ < MOST) warningOf(this.model, record, code, message, help);
  }
}

/** Where the name of a host stands in the value of a record that points to one, or -1. */
export function targetOffset(type: i32): i32 {
  if (type == types.NS || type == types.MB) return 0;
  if (type == types.MX || type == types.KX || type == types.RT) return 2;
  return type == types.SRV ? 6 : -1;
}
