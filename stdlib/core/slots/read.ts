/** Slots out of settings, in the order in which the compiler writes them (`compiler/assemble/slots.ts`). For generated code. */
import { Bytes } from "../bytes";
import { Reader } from "../settings";
import { AddressSlot, Behind } from "./address";
import { Condition, Pattern } from "./conditions";
import { NumberSlot, Term } from "./number";
import { claim, known, slots } from "./registry";
import { Declared, Slot } from "./slot";
import { BytesSlot, TextSlot } from "./text";

namespace Form {
  export const name: i32 = 1;
  export const mac: i32 = 4;
  export const prefix: i32 = 6;
}

export function readTextSlot(r: Reader): TextSlot {
  const head = new Head(r);
  const slot = new TextSlot(head.declared, head.most, head.form == Form.name);
  return <TextSlot>finished(slot, head, r);
}

export function readBytesSlot(r: Reader): BytesSlot {
  const head = new Head(r);
  return <BytesSlot>finished(new BytesSlot(head.declared, head.most), head, r);
}

export function readNumberSlot(r: Reader): NumberSlot {
  const head = new Head(r);
  const slot = new NumberSlot(head.declared, head.words, head.units, head.form == Form.mac);
  return <NumberSlot>finished(slot, head, r);
}

export function readAddressSlot(r: Reader): AddressSlot {
  const head = new Head(r);
  const behind: i32 = max(head.form - Form.prefix + 1, Behind.nothing);
  return <AddressSlot>finished(new AddressSlot(head.declared, head.family, behind), head, r);
}

/** What all kinds have before the default. */
@final
class Head {
  readonly atStart: bool;
  readonly declared: Declared;
  readonly form: i32;
  readonly family: u32;
  readonly most: u32;
  readonly words: Array<Term>;
  readonly units: Array<Term>;

  constructor(r: Reader) {
    r.array();
    const name = r.text();
    this.atStart = r.i64() == 0 && name.length > 0;
    const slot = r.text();
    const secret = r.bool();
    this.form = <i32>r.i64();
    this.family = <u32>r.i64();
    this.most = <u32>r.i64();
    const wants = r.text();
    this.words = readTerms(r);
    this.units = readTerms(r);
    const conditions: Condition[] = [];
    for (let left = r.array(); left > 0; left--) conditions.push(readCondition(r));
    const patterns: Pattern[] = [];
    for (let left = r.array(); left > 0; left--) patterns.push(readPattern(r));
    this.declared = new Declared(name, slot, secret, wants, conditions, patterns);
  }
}

function readTerms(r: Reader): Array<Term> {
  const terms: Term[] = [];
  for (let left = r.array(); left > 0; left--) {
    r.array();
    const text = r.text();
    terms.push(new Term(text, r.i64()));
  }
  return terms;
}

function readCondition(r: Reader): Condition {
  const program = new StaticArray<i64>(r.array());
  for (let n = 0; n < program.length; n++) program[n] = r.i64();
  return new Condition(program);
}

function readPattern(r: Reader): Pattern {
  r.array();
  const cuts = new StaticArray<i32>(r.array());
  for (let n = 0; n < cuts.length; n++) cuts[n] = <i32>r.i64();
  const next = new StaticArray<u16>(r.array());
  for (let n = 0; n < next.length; n++) next[n] = <u16>r.i64();
  return new Pattern(cuts, next, r.bytes());
}

/** The slot with its default; or the one of that name that is there already. */
function finished(slot: Slot, head: Head, r: Reader): Slot {
  if (!r.none()) {
    const bytes = r.bytes();
    slot.has = slot.take(new Bytes(bytes, 0, <u32>bytes.length));
    assert(slot.has);
  }
  if (!head.atStart) return slot;
  const before = known(slot.declared.name);
  claim(before == null ? slot : before);
  if (before != null) return before;
  slots.push(slot);
  return slot;
}
