/**
 * Fills the slots before anything else starts. What is missing or wrong is said on the console, all of it at once, and the machine ends: what it was
 * described as cannot be had without. A value of a secret is never written anywhere.
 */
import { Bytes } from "../bytes";
import { LONGEST_TEXT } from "../given";
import { Level } from "../level";
import { Reasons } from "../reasons";
import * as entries from "./entries";
import { rest } from "./idle";
import * as given from "./needs/given";
import * as log from "./needs/log";
import { MOST_IDLE, slots } from "./registry";
import { Slot } from "./slot";

/** Of a wrong value so much is shown, and of so many mistakes. */
const SHOWN: u32 = 60;
const MOST_SAID: u32 = 20;

const room = new Bytes(new StaticArray<u8>(<i32>LONGEST_TEXT), 0, LONGEST_TEXT);
const text = new Bytes(new StaticArray<u8>(0), 0, 0);
let mistakes: u32 = 0;
/** What those do not do who can do without, by their numbers. */
const losses = new StaticArray<string>(MOST_IDLE + 1);

export function start(): void {
  mistakes = 0;
  for (let n = 0; n < slots.length; n++) slots[n].given = false;
  for (let n = 0; n < given.texts(); n++) take(n);
  for (let n = 0; n < slots.length; n++) if (!slots[n].has && isVital(slots[n])) missing(slots[n]);
  if (mistakes == 0) {
    for (let n = 0; n < slots.length; n++) if (!slots[n].has) doWithout(slots[n]);
    return;
  }
  log.begin(Level.error, "boot");
  log.text("boot: give values as ");
  log.text(given.how());
  log.end();
  given.refuse();
}

/** Does the machine end without it? Those who said that they can do without are told. */
function isVital(slot: Slot): bool {
  return slot.isVital || slot.owners == 0;
}

function doWithout(slot: Slot): void {
  for (let n = 0; n <= MOST_IDLE; n++) {
    if (((slot.owners >> <u64>n) & 1) == 0) continue;
    losses[n] = rest(n);
    log.begin(Level.error, "boot");
    log.text("boot: ");
    log.text(losses[n]);
    log.text(": `");
    log.text(slot.declared.slot);
    log.text("` is missing; it wants ");
    log.text(slot.declared.wants);
    log.end();
  }
}

/** What does not run, and why: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  for (let n = 0; n < slots.length; n++) {
    if (slots[n].has) continue;
    for (let k = 0; k <= MOST_IDLE; k++) {
      if (((slots[n].owners >> <u64>k) & 1) == 0) continue;
      to.text(losses[k]);
      to.text(": `");
      to.text(slots[n].declared.slot);
      to.text("` is missing");
      to.end();
    }
  }
}

function take(n: i32): void {
  const size = given.size(n);
  if (size > LONGEST_TEXT) {
    if (!isSaid()) return;
    log.text("boot: what is ");
    log.text(given.place(n));
    log.text(" is longer than ");
    log.number(LONGEST_TEXT);
    log.text(" bytes");
    log.end();
    return;
  }
  text.window(room, 0, size);
  given.read(n, text);
  entries.begin(given.form(n));
  while (entries.next(text)) entry(n);
  // There may have been secrets in it.
  room.fill(0, size, 0);
}

function entry(n: i32): void {
  const slot = slotOf(entries.name);
  if (slot == null) return unknown(n);
  if (slot.given) {
    if (isSaid()) say(slot.declared.slot, " is given twice, the second time ", given.place(n));
  } else if (!entries.isSound || !slot.take(entries.value)) wrong(slot, n);
  slot.given = true;
  slot.has = true;
}

function slotOf(name: Bytes): Slot | null {
  for (let n = 0; n < slots.length; n++) if (is(name, slots[n].declared.slot)) return slots[n];
  return null;
}

function is(name: Bytes, slot: string): bool {
  if (name.length != <u32>slot.length) return false;
  for (let n: u32 = 0; n < name.length; n++) if (name.u8(n) != <u32>slot.charCodeAt(<i32>n)) return false;
  return true;
}

// ------------------------------------------------------------------------------------------------ what is said

/** One more mistake; false when there have been too many to say them all. */
function isSaid(): bool {
  if (mistakes++ >= MOST_SAID) return false;
  log.begin(Level.error, "boot");
  return true;
}

function say(slot: string, what: string, more: string): void {
  log.text("boot: `");
  log.text(slot);
  log.text("`");
  log.text(what);
  log.text(more);
  log.end();
}

function missing(slot: Slot): void {
  if (isSaid()) say(slot.declared.slot, " is missing; it wants ", slot.declared.wants);
}

function wrong(slot: Slot, n: i32): void {
  if (!isSaid()) return;
  const declared = slot.declared;
  if (declared.secret) say(declared.slot, " is wrong ", given.place(n));
  else {
    log.text("boot: `");
    log.text(declared.slot);
    log.text("` cannot be `");
    show(entries.value);
    log.text("` ");
    log.text(given.place(n));
    log.end();
  }
  log.begin(Level.error, "boot");
  say(declared.slot, " wants ", declared.wants);
}

function unknown(n: i32): void {
  if (!isSaid()) return;
  log.text("boot: there is no slot `");
  show(entries.name);
  log.text("` ");
  log.text(given.place(n));
  log.text("; this image has ");
  for (let k = 0; k < slots.length; k++) {
    if (k > 0) log.text(", ");
    log.text(slots[k].declared.slot);
  }
  log.end();
}

/** Only what a console shows as one character. */
function show(bytes: Bytes): void {
  log.bytes(bytes, 0, min(bytes.length, SHOWN));
  if (bytes.length > SHOWN) log.text("...");
}
