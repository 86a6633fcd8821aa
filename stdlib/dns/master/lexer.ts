/** What `Lexer.next` found besides an entry. */
export const ENTRY = 0;
export const END = 1;
/** A quotation that does not end on its line; `fault` is where it begins. */
export const OPEN_QUOTE = 2;
/** A parenthesis without its partner; `fault` is where it stands. */
const STRAY_PARENTHESIS = 3;
export const OPEN_PARENTHESIS = 4;

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/**
 * Cuts a zone file into entries, and an entry into words (RFC 1035 5.1). An entry is a line, or several where parentheses
 * stand around line ends. A word is given as it is written: escapes and quotation marks are still in it.
 */
@final
export class Lexer {
  text: StaticArray<u8>;
  private at: i32 = 0;
  private readonly length: i32;

  /** The words of the entry: offsets into `text`. */
  readonly start: Array<i32> = [];
  readonly end: Array<i32> = [];
  /** Whether its line begins with a blank, so that it has the owner of the entry before. */
  blank: bool = false;
  fault: i32 = 0;

  constructor(text: StaticArray<u8>, length: i32) {
    this.text = text;
    this.length = length;
    const mark = length >= 3 && text[0] == 0xef && text[1] == 0xbb && text[2] == 0xbf;
    if (mark) this.at = 3; // a byte-order mark
  }

  /** The next entry with at least one word. After a fault the whole entry has been passed over. */
  next(): i32 {
    const text = this.text;
    let outcome = ENTRY;
    let depth = 0;
    let opened = 0;
    this.start.length = 0;
    this.end.length = 0;
    this.blank = this.at < this.length && isBlank(<i32>text[this.at]);
    while (this.at < this.length) {
      const c = <i32>text[this.at];
      if (c == NEWLINE) {
        this.at++;
        if (depth > 0) continue;
        if (this.start.length > 0 || outcome != ENTRY) return outcome;
        this.blank = this.at < this.length && isBlank(<i32>text[this.at]);
      } else if (isBlank(c)) {
        this.at++;
      } else if (c == SEMICOLON) {
        while (this.at < this.length && text[this.at] != NEWLINE) this.at++;
      } else if (c == OPEN) {
        if (depth++ == 0) opened = this.at;
        this.at++;
      } else if (c == CLOSE) {
        if (depth > 0) depth--;
        else if (outcome == ENTRY) {
          outcome = STRAY_PARENTHESIS;
          this.fault = this.at;
        }
        this.at++;
      } else if (!this.word() && outcome == ENTRY) {
        outcome = OPEN_QUOTE;
      }
    }
    if (outcome != ENTRY) return outcome;
    if (depth > 0) {
      this.fault = opened;
      return OPEN_PARENTHESIS;
    }
    return this.start.length > 0 ? ENTRY : END;
  }

  /** One word, also one like `alpn="h2,h3"`; false if a quotation in it does not end. */
  private word(): bool {
    const text = this.text;
    const from = this.at;
    const whole = text[from] == QUOTE;
    let quoted = false;
    while (this.at < this.length) {
      const c = <i32>text[this.at];
      if (c == NEWLINE || (!quoted && (isBlank(c) || c == SEMICOLON || c == OPEN || c == CLOSE))) break;
      this.at++;
      if (c == BACKSLASH) {
        if (this.at < this.length && text[this.at] != NEWLINE) this.at++;
      } else if (c == QUOTE) {
        quoted = !quoted;
        if (whole && !quoted) break;
      }
    }
    this.start.push(from);
    this.end.push(this.at);
    if (quoted) this.fault = from;
    return !quoted;
  }
}

function isBlank(c: i32): bool {
  return c == SPACE || c == TAB || c == RETURN;
}
