/**
 * Texts with values of slots, entry by entry. Nothing of them is trusted: they are read within their bounds, each byte once, and values in quotes are
 * made shorter where they stand.
 *
 *   net/address=192.0.2.2/24
 *   # a comment
 *   greeting = "two words, a \" and an end of line \n"
 */
import { Bytes } from "../bytes";
import { Form } from "../given";

const BLANK: u32 = 32;
const QUOTE: u32 = 34;
const EQUALS: u32 = 61;
const BACKSLASH: u32 = 92;
const END: u32 = 10;
const PREFIX = "appl.";

/** The entry that was read last: its slot, and its value. */
export const name = new Bytes(new StaticArray<u8>(0), 0, 0);
export const value = new Bytes(new StaticArray<u8>(0), 0, 0);
/** It says what it gives; else it cannot be read. */
export let isSound = false;

let form: i32 = Form.words;
let at: u32 = 0;

export function begin(ofForm: i32): void {
  form = ofForm;
  at = 0;
}

/** Reads the next entry; false at the end. */
export function next(text: Bytes): bool {
  if (form == Form.value) return whole(text);
  return form == Form.words ? nextWord(text) : nextLine(text);
}

/** `SLOT=` and all behind it; a last end of line is the editor's. */
function whole(text: Bytes): bool {
  if (at > 0) return false;
  at = 1;
  const equals = find(text, 0, text.length, EQUALS);
  let end = text.length;
  if (end > equals + 1 && text.u8(end - 1) == END) end--;
  if (end > equals + 1 && text.u8(end - 1) == 13) end--;
  isSound = equals < text.length;
  name.window(text, 0, equals);
  value.window(text, min(equals + 1, end), isSound ? end - equals - 1 : 0);
  return true;
}

function isBlank(letter: u32): bool {
  return letter <= BLANK;
}

function nextWord(text: Bytes): bool {
  while (true) {
    while (at < text.length && isBlank(text.u8(at))) at++;
    if (at == text.length) return false;
    const first = at;
    const end = endOfWord(text);
    const equals = find(text, first, end, EQUALS);
    at = end;
    if (equals == end || !startsWithPrefix(text, first, equals)) continue;
    read(text, first + <u32>PREFIX.length, equals, end);
    return true;
  }
}

/** Blanks between quotes are part of a word. */
function endOfWord(text: Bytes): u32 {
  let quoted = false;
  let end = at;
  for (; end < text.length && (quoted || !isBlank(text.u8(end))); end++) {
    if (text.u8(end) == QUOTE) quoted = !quoted;
    else if (quoted && text.u8(end) == BACKSLASH && end + 1 < text.length) end++;
  }
  return end;
}

function startsWithPrefix(text: Bytes, from: u32, to: u32): bool {
  if (to - from < <u32>PREFIX.length) return false;
  for (let n: u32 = 0; n < <u32>PREFIX.length; n++)
    if (text.u8(from + n) != <u32>PREFIX.charCodeAt(<i32>n)) return false;
  return true;
}

function nextLine(text: Bytes): bool {
  while (at < text.length) {
    let first = at;
    let end = find(text, first, text.length, END);
    at = min(end + 1, text.length);
    while (first < end && isBlank(text.u8(first))) first++;
    while (first < end && isBlank(text.u8(end - 1))) end--;
    if (first == end || text.u8(first) == 35) continue;
    read(text, first, find(text, first, end, EQUALS), end);
    return true;
  }
  return false;
}

/** The first of the letter; `to` when there is none. */
function find(text: Bytes, from: u32, to: u32, letter: u32): u32 {
  let place = from;
  while (place < to && text.u8(place) != letter) place++;
  return place;
}

/** An entry from `first` to `end`. */
function read(text: Bytes, first: u32, equals: u32, end: u32): void {
  let nameEnd = equals;
  while (nameEnd > first && isBlank(text.u8(nameEnd - 1))) nameEnd--;
  name.window(text, first, nameEnd - first);
  let from = min(equals + 1, end);
  while (from < end && isBlank(text.u8(from))) from++;
  isSound = equals < end;
  let size = end - from;
  if (from < end && text.u8(from) == QUOTE) {
    size = unquote(text, from + 1, end);
    isSound = isSound && quoteEnds;
    from++;
  }
  value.window(text, from, size);
}

let quoteEnds = false;

/** Makes `\"`, `\\`, `\n` and `\t` the characters that they are; gives how many there are before the last quote. */
function unquote(text: Bytes, from: u32, end: u32): u32 {
  let to = from;
  quoteEnds = false;
  for (let n = from; n < end; n++) {
    let letter = text.u8(n);
    if (letter == QUOTE) {
      quoteEnds = n + 1 == end;
      break;
    }
    if (letter == BACKSLASH) {
      if (++n == end) break;
      letter = text.u8(n);
      if (letter == 110) letter = END;
      else if (letter == 116) letter = 9;
      else if (letter != QUOTE && letter != BACKSLASH) break;
    }
    text.setU8(to++, letter);
  }
  return to - from;
}
