import { Growing } from "./growing";

/** Longest name and label in bytes of wire form. RFC 1035 3.1. */
export const NAME_LIMIT = 255;
const LABEL_LIMIT = 63;

/** What was wrong with a name, for `nameFault`. */
export const OK = 0;
const EMPTY_LABEL = 1;
const LONG_LABEL = 2;
const LONG_NAME = 3;
const BAD_ESCAPE = 4;
const NO_ORIGIN = 5;

/** The reason as the user reads it. */
export function nameFault(fault: i32): string {
  if (fault == EMPTY_LABEL) return "a name may not have two dots in a row or begin with one";
  if (fault == LONG_LABEL) return "the part between two dots is longer than 63 bytes";
  if (fault == LONG_NAME) return "the name is longer than 255 bytes";
  if (fault == BAD_ESCAPE) return "a backslash stands before three digits up to 255, or before one character";
  return "no origin is known that this name could be relative to";
}

/** A domain name in wire form: lower-case, with its root label, at most 255 bytes. RFC 1035 3.1. */
@final
export class Name {
  readonly bytes: StaticArray<u8> = new StaticArray<u8>(256);
  length: i32 = 0;

  set(other: Name): void {
    this.take(other.bytes, 0, other.length);
  }

  take(from: StaticArray<u8>, offset: i32, count: i32): void {
    for (let i = 0; i < count; i++) this.bytes[i] = from[offset + i];
    this.length = count;
  }

  /** From text as in a zone file: `a.b` is relative to `origin`, `a.b.` is not, `@` is the origin. */
  parse(text: StaticArray<u8>, from: i32, to: i32, origin: Name | null): i32 {
    this.length = 0;
    if (to - from == 1 && text[from] == 0x40) return this.end(origin);
    if (to - from == 1 && text[from] == 0x2e) return this.end(null);
    let label = 0;
    let at = 1;
    let i = from;
    while (i < to) {
      let c = <i32>text[i++];
      if (c == 0x2e) {
        if (at == label + 1) return EMPTY_LABEL;
        this.bytes[label] = <u8>(at - label - 1);
        label = at++;
        if (at > NAME_LIMIT) return LONG_NAME;
        continue;
      }
      if (c == 0x5c) {
        c = escaped(text, i, to);
        if (c < 0) return BAD_ESCAPE;
        i += isDigit(<i32>text[i]) ? 3 : 1;
      }
      if (at - label > LABEL_LIMIT) return LONG_LABEL;
      if (at >= NAME_LIMIT) return LONG_NAME;
      this.bytes[at++] = <u8>lower(c);
    }
    if (at == 1) return EMPTY_LABEL;
    if (at == label + 1) {
      this.bytes[label] = 0;
      this.length = at;
      return OK;
    }
    this.bytes[label] = <u8>(at - label - 1);
    this.length = at;
    return origin == null ? NO_ORIGIN : this.end(origin);
  }

  /** From text where each dot separates and the end is absolute; for names written in a description. */
  parseAbsolute(text: string): i32 {
    const bytes = new Growing(text.length + 1);
    bytes.ascii(text);
    if (text.length == 0 || text.charCodeAt(text.length - 1) != 0x2e) bytes.u8(0x2e);
    return this.parse(bytes.bytes, 0, bytes.length, null);
  }

  private end(origin: Name | null): i32 {
    if (origin == null) {
      this.bytes[0] = 0;
      this.length = 1;
      return OK;
    }
    if (this.length + origin.length > NAME_LIMIT) return LONG_NAME;
    for (let i = 0; i < origin.length; i++) this.bytes[this.length + i] = origin.bytes[i];
    this.length += origin.length;
    return OK;
  }

  /** Puts labels (`_sip._tcp`) before the name. */
  prefix(labels: string): i32 {
    const rest = new Name();
    rest.set(this);
    const text = new Growing(labels.length + 1);
    text.ascii(labels);
    return this.parse(text.bytes, 0, text.length, rest);
  }

  /** Whether it is `other` or below it; both lower-case. */
  within(other: Name): bool {
    let at = 0;
    while (this.length - at > other.length) at += <i32>this.bytes[at] + 1;
    if (this.length - at != other.length) return false;
    for (let i = 0; i < other.length; i++) if (this.bytes[at + i] != other.bytes[i]) return false;
    return true;
  }

  text(): string {
    return nameText(this.bytes, 0);
  }

  equals(other: Name): bool {
    return this.length == other.length && this.within(other);
  }
}

/** The value of the escape after a backslash at `i`, or -1. */
export function escaped(text: StaticArray<u8>, i: i32, to: i32): i32 {
  if (i >= to) return -1;
  if (!isDigit(<i32>text[i])) return <i32>text[i];
  if (i + 3 > to || !isDigit(<i32>text[i + 1]) || !isDigit(<i32>text[i + 2])) return -1;
  const value = (<i32>text[i] - 48) * 100 + (<i32>text[i + 1] - 48) * 10 + (<i32>text[i + 2] - 48);
  return value > 255 ? -1 : value;
}

export function isDigit(c: i32): bool {
  return c >= 48 && c <= 57;
}

export function lower(c: i32): i32 {
  return c >= 65 && c <= 90 ? c + 32 : c;
}

/** A name in wire form as the user writes it, without the last dot. */
export function nameText(bytes: StaticArray<u8>, offset: i32): string {
  let at = offset;
  if (bytes[at] == 0) return ".";
  let out = "";
  while (bytes[at] != 0) {
    const end = at + 1 + <i32>bytes[at];
    if (out.length > 0) out += ".";
    for (at++; at < end; at++) {
      const c = <i32>bytes[at];
      if (c == 0x2e || c == 0x5c) out += `\\${String.fromCharCode(c)}`;
      else if (c > 32 && c < 127) out += String.fromCharCode(c);
      else out += `\\${c.toString().padStart(3, "0")}`;
    }
  }
  return out;
}
