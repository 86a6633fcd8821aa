import { include } from "../../core/files";
import { File } from "../../core/values";
import { ANY, SOA, TKEY } from "../types";
import { Growing } from "../zone/growing";
import { Model, NONE } from "../zone/model";
import { isDigit, Name, nameFault, OK } from "../zone/name";
import { errorAt } from "../zone/report";
import { BAD_ESCAPE, plainText } from "./escapes";
import { Formats, isWord, numbered } from "./formats";
import { Generator } from "./generate";
import { END, ENTRY, Lexer, OPEN_PARENTHESIS, OPEN_QUOTE } from "./lexer";
import { NOT_A_NUMBER, OUT_OF_RANGE, seconds } from "./numbers";
import { ValueReader } from "./value";

/** After so many mistakes in one zone the rest is not looked at. */
const MOST_FAULTS = 20;
/** How deep `$INCLUDE` may go. */
const DEEPEST = 10;
/** The TTL of a record that gives none, with no `$TTL`, no record before and no SOA. */
const DEFAULT_TTL = 3600;
const DOLLAR = 0x24;

/** Reads a zone file into the model. RFC 1035 5.1, `$TTL` of RFC 2308 4, `$GENERATE` of BIND, RFC 3597 5. */
@final
export class Reader {
  private readonly model: Model;
  private readonly formats: Formats;
  private readonly values: ValueReader;
  private readonly zone: i32;
  private readonly apex: Name;
  private origin: Name = new Name();
  private readonly owner: Name = new Name();
  private readonly named: Name = new Name();
  private hasOwner: bool = false;
  private defaultTtl: i64 = -1;
  private lastTtl: i64 = -1;
  private depth: i32 = 0;
  private faults: i32 = 0;

  /** The entry at hand. */
  private file: i32 = 0;
  private text: StaticArray<u8> = new StaticArray<u8>(0);
  private start: Array<i32> = [];
  private end: Array<i32> = [];
  /** While `$GENERATE` runs: the position of its entry, to which its mistakes belong. */
  private generated: bool = false;
  private generatedFrom: i32 = 0;
  private generatedSpan: i32 = 0;

  constructor(model: Model, formats: Formats, zone: i32, apex: Name) {
    this.model = model;
    this.formats = formats;
    this.values = new ValueReader(formats);
    this.zone = zone;
    this.apex = apex;
    this.origin.set(apex);
  }

  /** Reads the whole file, and those it includes; false after a mistake. */
  read(file: File): bool {
    const outer = this.file;
    const lexer = new Lexer(file.bytes, file.bytes.length);
    this.file = this.model.files.length;
    this.model.files.push(file);
    const index = this.file;
    while (this.faults < MOST_FAULTS) {
      const found = lexer.next();
      if (found == END) break;
      this.file = index;
      this.text = file.bytes;
      this.start = lexer.start;
      this.end = lexer.end;
      if (found == ENTRY) this.entry(lexer.blank);
      else this.unreadable(found, lexer.fault);
    }
    this.file = outer;
    return this.faults == 0;
  }

  /** Reads one record written in the description, without its owner; gives what is wrong, or an empty text. */
  readRecord(owner: Name, ttl: u32, text: string, at: i32): string {
    const bytes = new Growing(text.length);
    appendUtf8(bytes, text);
    const lexer = new Lexer(bytes.exact(), bytes.length);
    if (lexer.next() != ENTRY) return "this is not one record";
    this.text = lexer.text;
    this.start = lexer.start;
    this.end = lexer.end;
    const type = this.formats.number(this.text, this.start[0], this.end[0]);
    if (type < 0) return `\`${this.word(0)}\` is no record type; the owner and the TTL are not part of it`;
    if (isQuestion(type)) return `${this.formats.name(type)} is no type of a record`;
    if (!this.values.read(type, this.text, this.start, this.end, 1, this.apex)) return this.values.fault;
    this.model.add(this.model.node(this.zone, owner), type, ttl, this.values.out, NONE, at, 0);
    return lexer.next() == END ? "" : "this is more than one record";
  }

  private unreadable(found: i32, at: i32): void {
    if (found == OPEN_QUOTE) this.complain("E0720", at, 1, "this quotation does not end on its line", "");
    else if (found == OPEN_PARENTHESIS) this.complain("E0720", at, 1, "this `(` is not closed", "");
    else this.complain("E0720", at, 1, "this `)` closes nothing", "");
  }

  /** Reads one entry; false after a mistake, like all that follow. */
  private entry(blank: bool): bool {
    const first = <i32>this.text[this.start[0]];
    if (!blank && first == DOLLAR && !this.generated) return this.directive();
    let next = 0;
    if (blank) {
      if (!this.hasOwner) {
        return this.wrong("E0720", 0, "this line begins with a blank and there is no record before it", "");
      }
    } else {
      const fault = this.owner.parse(this.text, this.start[0], this.end[0], this.origin);
      if (fault != OK) return this.wrong("E0720", 0, nameFault(fault), "");
      this.hasOwner = true;
      next = 1;
    }
    return this.record(next);
  }

  /** TTL and class in either order, the type, the value. */
  private record(first: i32): bool {
    let next = first;
    let ttl: i64 = -1;
    let hasClass = false;
    for (; next < this.start.length; next++) {
      const from = this.start[next];
      const to = this.end[next];
      if (ttl < 0 && isDigit(<i32>this.text[from])) {
        ttl = seconds(this.text, from, to);
        if (ttl == OUT_OF_RANGE)
          return this.wrong("E0720", next, "a TTL is at most 2147483647 seconds (RFC 2181 8)", "");
        if (ttl == NOT_A_NUMBER)
          return this.wrong("E0720", next, "this is no TTL", "write it like 3600 or 1h30m");
      } else if (!hasClass && this.isClass(from, to)) {
        hasClass = true;
        if (!isWord(this.text, from, to, "IN") && numbered(this.text, from, to, "CLASS") != 1) {
          return this.wrong(
            "E0720",
            next,
            `a zone of class ${this.word(next)} is not supported, only IN`,
            "",
          );
        }
      } else break;
    }
    if (next >= this.start.length)
      return this.wrong("E0720", this.start.length - 1, "the record type is missing after this", "");
    const type = this.formats.number(this.text, this.start[next], this.end[next]);
    if (type < 0)
      return this.wrong(
        "E0735",
        next,
        `\`${this.word(next)}\` is no record type`,
        "any type can be written as TYPE and its number",
      );
    if (isQuestion(type))
      return this.wrong(
        "E0735",
        next,
        `${this.formats.name(type)} is asked for, it is no type of a record`,
        "",
      );
    if (!this.owner.within(this.apex)) {
      const text = this.model.nodeText(this.model.zoneApex[this.zone]);
      return this.wrong(
        "E0722",
        first > 0 ? 0 : next,
        `this record lies outside of the zone ${text}`,
        first > 0 ? "is a dot at the end too much or missing?" : "",
      );
    }
    if (!this.values.read(type, this.text, this.start, this.end, next + 1, this.origin)) {
      const code = this.formats.of(type) == "!" ? "E0737" : "E0735";
      return this.wrong(code, max(this.values.faultWord, next), this.values.fault, "");
    }
    this.store(type, ttl, next);
    return true;
  }

  private store(type: i32, given: i64, word: i32): void {
    let ttl = given;
    if (ttl >= 0) this.lastTtl = ttl;
    else if (this.defaultTtl >= 0) ttl = this.defaultTtl;
    else if (this.lastTtl >= 0) ttl = this.lastTtl;
    else if (type == SOA) ttl = this.soaMinimum();
    else ttl = DEFAULT_TTL;
    if (this.lastTtl < 0) this.lastTtl = ttl;
    const node = this.model.node(this.zone, this.owner);
    this.model.add(node, type, <u32>ttl, this.values.out, this.file, this.from(word), this.span(word));
  }

  /** The last field of the SOA record that has just been read. */
  private soaMinimum(): i64 {
    const out = this.values.out;
    let value: i64 = 0;
    for (let i = out.length - 4; i < out.length; i++) value = (value << 8) | <i64>out.bytes[i];
    return value;
  }

  private directive(): bool {
    const from = this.start[0];
    const to = this.end[0];
    if (isWord(this.text, from, to, "$ORIGIN")) return this.originDirective();
    if (isWord(this.text, from, to, "$TTL")) return this.ttlDirective();
    if (isWord(this.text, from, to, "$INCLUDE")) return this.includeDirective();
    if (isWord(this.text, from, to, "$GENERATE")) return this.generateDirective();
    const known = "known are $ORIGIN, $TTL, $INCLUDE and $GENERATE";
    return this.wrong("E0720", 0, `\`${this.word(0)}\` is not known`, known);
  }

  private originDirective(): bool {
    if (this.start.length != 2) return this.wrong("E0720", 0, "$ORIGIN is followed by one name", "");
    const fault = this.named.parse(this.text, this.start[1], this.end[1], this.origin);
    if (fault != OK) return this.wrong("E0720", 1, nameFault(fault), "");
    this.origin.set(this.named);
    return true;
  }

  private ttlDirective(): bool {
    if (this.start.length != 2) return this.wrong("E0720", 0, "$TTL is followed by one time", "");
    const ttl = seconds(this.text, this.start[1], this.end[1]);
    if (ttl == OUT_OF_RANGE)
      return this.wrong("E0720", 1, "a TTL is at most 2147483647 seconds (RFC 2181 8)", "");
    if (ttl < 0) return this.wrong("E0720", 1, "this is no TTL", "write it like 3600 or 1h30m");
    this.defaultTtl = ttl;
    return true;
  }

  /** `$INCLUDE FILE [ORIGIN]`: afterwards origin and owner are what they were before (RFC 1035 5.1). */
  private includeDirective(): bool {
    const count = this.start.length;
    if (count < 2 || count > 3)
      return this.wrong("E0720", 0, "$INCLUDE is followed by a file and, if wanted, an origin", "");
    if (this.depth >= DEEPEST)
      return this.wrong(
        "E0736",
        1,
        `files are included more than ${DEEPEST} deep`,
        "does a file include itself?",
      );
    const inner = new Name();
    inner.set(this.origin);
    if (count == 3) {
      const fault = inner.parse(this.text, this.start[2], this.end[2], this.origin);
      if (fault != OK) return this.wrong("E0720", 2, nameFault(fault), "");
    }
    const path = new Growing(64);
    if (!plainText(this.text, this.start[1], this.end[1], path))
      return this.wrong("E0720", 1, BAD_ESCAPE, "");
    const file = include(this.model.files[this.file], utf8(path));
    if (file == null) {
      return this.wrong(
        "E0736",
        1,
        "there is no such file",
        "the path is relative to this file, and stays inside of the project",
      );
    }
    const origin = this.origin;
    const owner = new Name();
    owner.set(this.owner);
    const hadOwner = this.hasOwner;
    this.origin = inner;
    this.depth++;
    this.read(file);
    this.depth--;
    this.origin = origin;
    this.owner.set(owner);
    this.hasOwner = hadOwner;
    return true;
  }

  /** `$GENERATE FIRST-LAST[/STEP] OWNER [TTL] [CLASS] TYPE VALUE`: the entry is read again for each number. */
  private generateDirective(): bool {
    const from = this.start[0];
    const span = this.end[this.end.length - 1] - from;
    const generator = new Generator(this.text, this.start, this.end);
    if (generator.fault.length > 0) return this.wrong("E0720", generator.faultWord, generator.fault, "");
    const faults = this.faults;
    this.generated = true;
    this.generatedFrom = from;
    this.generatedSpan = span;
    while (this.faults == faults && generator.next()) {
      const lexer = new Lexer(generator.line.exact(), generator.line.length);
      if (lexer.next() != ENTRY) break;
      this.text = lexer.text;
      this.start = lexer.start;
      this.end = lexer.end;
      this.entry(false);
    }
    this.generated = false;
    return this.faults == faults;
  }

  private isClass(from: i32, to: i32): bool {
    if (isWord(this.text, from, to, "IN") || isWord(this.text, from, to, "CH")) return true;
    if (isWord(this.text, from, to, "HS") || isWord(this.text, from, to, "CS")) return true;
    return numbered(this.text, from, to, "CLASS") >= 0;
  }

  /** A word as it is shown in a message. */
  private word(index: i32): string {
    const text = new Growing(40);
    const size = min(this.end[index] - this.start[index], 40);
    for (let i = 0; i < size; i++) {
      const c = <i32>this.text[this.start[index] + i];
      text.u8(c < 32 || c == 127 ? 0x3f : c);
    }
    return utf8(text);
  }

  private from(word: i32): i32 {
    return this.generated ? this.generatedFrom : this.start[word];
  }

  private span(word: i32): i32 {
    return this.generated ? this.generatedSpan : this.end[word] - this.start[word];
  }

  private wrong(code: string, word: i32, message: string, help: string): bool {
    this.complain(code, this.from(word), this.span(word), message, help);
    return false;
  }

  private complain(code: string, from: i32, span: i32, message: string, help: string): void {
    this.faults++;
    errorAt(code, this.model.files[this.file], from, span, message, help);
  }
}

function isQuestion(type: i32): bool {
  return (type >= TKEY && type <= ANY) || type == 41 || type == 0;
}

function appendUtf8(out: Growing, text: string): void {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  for (let i = 0; i < bytes.length; i++) out.u8(<i32>bytes[i]);
}

function utf8(text: Growing): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.bytes[i];
  return String.UTF8.decode(bytes.buffer);
}
