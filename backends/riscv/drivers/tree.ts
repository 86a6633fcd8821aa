/**
 * The flattened device tree (Devicetree Specification 0.4, chapter 5), node by node in the order in which they are written. Nothing outside of it is
 * read, whatever is in it: a damaged tree ends where it is damaged.
 */
import { load8 } from "../../common/drivers/hw";
import { Machine } from "./boot-record";
import { boot } from "./hw";

namespace Token {
  export const begin: u32 = 1;
  export const end: u32 = 2;
  export const property: u32 = 3;
  export const nothing: u32 = 4;
}
const STRUCTURE: u32 = 8;
const STRINGS: u32 = 12;
const STRINGS_SIZE: u32 = 32;
const STRUCTURE_SIZE: u32 = 36;
const MOST_DEPTH: u32 = 16;

/** Where a value is in the tree; of length 0 when there is none. */
@final
export class Value {
  at: u32 = 0;
  length: u32 = 0;

  clear(): void {
    this.at = 0;
    this.length = 0;
  }

  /** The number in cell `index`, 0 behind the end. */
  cell(index: u32): u32 {
    return index < this.length / 4 ? number(this.at + 4 * index) : 0;
  }

  /** The number in one or two cells. */
  wide(index: u32, cells: u32): u64 {
    const last: u64 = <u64>this.cell(index + cells - 1);
    return cells > 1 ? ((<u64>this.cell(index + cells - 2)) << 32) | last : last;
  }

  /** A list of texts, each with a zero behind it: is `text` one of them? */
  has(text: string): bool {
    const end = this.at + this.length;
    for (let at = this.at; at < end; at = behind(at, end)) if (same(at, end, text)) return true;
    return false;
  }
}

/** One node, with the properties that drivers want to know. */
@final
export class Node {
  depth: u32 = 0;
  /** Where its name is. */
  name: u32 = 0;
  /** Of the node above it: how many cells its addresses and sizes have. */
  addressCells: u32 = 0;
  sizeCells: u32 = 0;
  compatible: Value = new Value();
  reg: Value = new Value();
  interrupts: Value = new Value();
  interruptsExtended: Value = new Value();
  phandle: Value = new Value();
  status: Value = new Value();
  devices: Value = new Value();
  address: Value = new Value();

  /** The address of part `index`. */
  base(index: u32): u64 {
    return this.reg.wide(index * (this.addressCells + this.sizeCells), this.addressCells);
  }

  /** Does the name begin so? */
  isNamed(text: string): bool {
    return startsWith(this.name, structureEnd, text);
  }

  /** Its first interrupt's number at the interrupt controller; 0 when it has none. */
  line(): u32 {
    return this.interrupts.length > 0 ? this.interrupts.cell(0) : this.interruptsExtended.cell(1);
  }

  /** Devices that are switched off say so. */
  isOn(): bool {
    return this.status.length == 0 || this.status.has("okay") || this.status.has("ok");
  }

  clear(): void {
    this.compatible.clear();
    this.reg.clear();
    this.interrupts.clear();
    this.interruptsExtended.clear();
    this.phandle.clear();
    this.status.clear();
    this.devices.clear();
    this.address.clear();
  }
}

let size: u32 = 0;
let structureEnd: u32 = 0;
let strings: u32 = 0;
let stringsEnd: u32 = 0;
let at: u32 = 0;
let depth: u32 = 0;
/** Cells of addresses and sizes below the node of each depth. */
const addressCells = new StaticArray<u8>(<i32>MOST_DEPTH);
const sizeCells = new StaticArray<u8>(<i32>MOST_DEPTH);

/** Back to the root. */
export function rewind(): void {
  size = <u32>boot(Machine.treeSize);
  at = number(STRUCTURE);
  structureEnd = bounded(at, number(STRUCTURE_SIZE));
  strings = number(STRINGS);
  stringsEnd = bounded(strings, number(STRINGS_SIZE));
  depth = 0;
  addressCells[0] = 2;
  sizeCells[0] = 1;
}

function bounded(from: u32, length: u32): u32 {
  return from <= size && length <= size - from ? from + length : 0;
}

/** The next node; false when there is no further one. */
export function next(node: Node): bool {
  if (!enter()) return false;
  node.depth = depth;
  node.name = at;
  node.addressCells = addressCells[depth - 1];
  node.sizeCells = sizeCells[depth - 1];
  node.clear();
  addressCells[depth] = 2;
  sizeCells[depth] = 1;
  at = aligned(behind(at, structureEnd));
  while (at + 4 <= structureEnd) {
    const token = number(at);
    if (token == Token.nothing) at += 4;
    else if (token != Token.property || !property(node)) break;
  }
  return true;
}

/** Over the ends of nodes to the name of the next one. */
function enter(): bool {
  while (at + 4 <= structureEnd) {
    const token = number(at);
    at += 4;
    if (token == Token.begin) return ++depth < MOST_DEPTH;
    if (token == Token.end) {
      if (depth == 0) return false;
      depth--;
    } else if (token != Token.nothing) return false;
  }
  return false;
}

/** False when it goes over the end. */
function property(node: Node): bool {
  if (at + 12 > structureEnd) return false;
  const length = number(at + 4);
  const name = strings + number(at + 8);
  const value = at + 12;
  if (length > structureEnd - value || name < strings) return false;
  at = aligned(value + length);
  if (isName(name, "#address-cells")) addressCells[depth] = <u8>cellsAt(value, length, 2);
  else if (isName(name, "#size-cells")) sizeCells[depth] = <u8>cellsAt(value, length, 1);
  else {
    const known = place(node, name);
    if (known != null) {
      known.at = value;
      known.length = length;
    }
  }
  return true;
}

/** At most 3, as PCI has; what is more makes no sense here. */
function cellsAt(value: u32, length: u32, usual: u32): u32 {
  const count = length >= 4 ? number(value) : usual;
  return count <= 3 ? count : usual;
}

function place(node: Node, name: u32): Value | null {
  if (isName(name, "compatible")) return node.compatible;
  if (isName(name, "reg")) return node.reg;
  if (isName(name, "interrupts")) return node.interrupts;
  if (isName(name, "interrupts-extended")) return node.interruptsExtended;
  if (isName(name, "phandle")) return node.phandle;
  if (isName(name, "status")) return node.status;
  if (isName(name, "riscv,ndev")) return node.devices;
  if (isName(name, "local-mac-address")) return node.address;
  return null;
}

function isName(name: u32, text: string): bool {
  return same(name, stringsEnd, text);
}

/** A byte of the tree; 0 outside of it. */
export function byte(place: u32): u32 {
  return place < size ? load8(boot(Machine.tree) + <u64>place) : 0;
}

/** Four bytes, the most significant first. */
function number(place: u32): u32 {
  return (byte(place) << 24) | (byte(place + 1) << 16) | (byte(place + 2) << 8) | byte(place + 3);
}

function startsWith(from: u32, end: u32, text: string): bool {
  const length = <u32>text.length;
  if (length > end - min(from, end)) return false;
  for (let n: u32 = 0; n < length; n++) if (byte(from + n) != <u32>text.charCodeAt(n)) return false;
  return true;
}

function same(from: u32, end: u32, text: string): bool {
  const length = <u32>text.length;
  return startsWith(from, end, text) && from + length < end && byte(from + length) == 0;
}

/** Behind the zero that ends the text at `from`. */
function behind(from: u32, end: u32): u32 {
  let place = from;
  while (place < end && byte(place) != 0) place++;
  return min(place + 1, end);
}

function aligned(place: u32): u32 {
  return (place + 3) & ~3;
}
