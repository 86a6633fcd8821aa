import { Growing } from "../zone/growing";
import { isDigit, Name, nameFault, OK } from "../zone/name";
import { hasShape } from "../zone/shape";
import { base64, eui, hexadecimal, ip4, ip6, locators } from "./encodings";
import { BAD_ESCAPE, plainText } from "./escapes";
import { Formats, isWord } from "./formats";
import { location } from "./location";
import { number, OUT_OF_RANGE, seconds } from "./numbers";
import { ServiceParameters } from "./service-parameters";

const BACKSLASH = 0x5c;

/** Reads the value of one record from the words of an entry into wire form. */
@final
export class ValueReader {
  readonly out: Growing = new Growing(512);
  /** What is wrong, and with which word; valid after `read` gave false. */
  fault: string = "";
  faultWord: i32 = 0;

  private readonly formats: Formats;
  private readonly name: Name = new Name();
  private readonly names: Array<i32> = [];
  private readonly service: ServiceParameters = new ServiceParameters();
  private text: StaticArray<u8> = new StaticArray<u8>(0);
  private start: Array<i32> = [];
  private end: Array<i32> = [];
  private at: i32 = 0;
  private origin: Name | null = null;

  constructor(formats: Formats) {
    this.formats = formats;
  }

  /** The words from number `first` on are the value of a record of this type. */
  read(
    type: i32,
    text: StaticArray<u8>,
    start: Array<i32>,
    end: Array<i32>,
    first: i32,
    origin: Name | null,
  ): bool {
    this.text = text;
    this.start = start;
    this.end = end;
    this.at = first;
    this.origin = origin;
    this.out.length = 0;
    const format = this.formats.of(type);
    if (this.more() && this.isGeneric()) return this.generic(type, format);
    if (format == "-") {
      return this.fail(
        `a value of ${this.formats.name(type)} is written as \\# LENGTH HEXADECIMAL (RFC 3597)`,
      );
    }
    for (let i = 0; i < format.length; i++) if (!this.field(format.charCodeAt(i))) return false;
    if (this.more()) return this.fail(`${this.formats.name(type)} has nothing after its last field`);
    return this.shape(type, format, first);
  }

  private shape(type: i32, format: string, word: i32): bool {
    if (format == "-" || hasShape(format, this.out.bytes, 0, this.out.length, this.names)) return true;
    this.at = word;
    return this.fail(`this is not the value of a ${this.formats.name(type)} record`);
  }

  private field(letter: i32): bool {
    if (letter == 0x70) return this.parameters(); // p
    if (letter == 0x68) return this.rest(true); // h
    if (letter == 0x62) return this.rest(false); // b
    if (letter == 0x6c) return this.place(); // l
    if (!this.more()) return this.fail("the value is not complete");
    const from = this.start[this.at];
    const to = this.end[this.at];
    let fault = "";
    if (letter == 0x6e || letter == 0x6d) fault = this.nameField(from, to);
    else if (letter == 0x31) fault = this.numberField(from, to, 1);
    else if (letter == 0x32) fault = this.numberField(from, to, 2);
    else if (letter == 0x34) fault = this.numberField(from, to, 4);
    else if (letter == 0x74) fault = this.timeField(from, to);
    else if (letter == 0x79) fault = this.typeField(from, to);
    else if (letter == 0x63) fault = this.certificateField(from, to);
    else if (letter == 0x61) fault = ip4(this.text, from, to, this.out) ? "" : "this is no IPv4 address";
    else if (letter == 0x71) fault = ip6(this.text, from, to, this.out) ? "" : "this is no IPv6 address";
    else if (letter == 0x65) fault = eui(this.text, from, to, 6, this.out) ? "" : "this is no EUI-48 address";
    else if (letter == 0x45) fault = eui(this.text, from, to, 8, this.out) ? "" : "this is no EUI-64 address";
    else if (letter == 0x38)
      fault = locators(this.text, from, to, this.out) ? "" : "four groups of hexadecimal are wanted";
    else if (letter == 0x73) fault = this.stringField(from, to, true);
    else if (letter == 0x53) return this.strings();
    else if (letter == 0x75) fault = this.stringField(from, to, false);
    else if (letter == 0x67) fault = this.tagField(from, to);
    else fault = "DNSSEC records are not read: give the zone unsigned";
    if (fault.length > 0) return this.fail(fault);
    this.at++;
    return true;
  }

  private nameField(from: i32, to: i32): string {
    const fault = this.name.parse(this.text, from, to, this.origin);
    if (fault != OK) return nameFault(fault);
    this.out.append(this.name.bytes, 0, this.name.length);
    return "";
  }

  private numberField(from: i32, to: i32, size: i32): string {
    const limit: i64 = ((<i64>1) << (8 * <i64>size)) - 1;
    const value = number(this.text, from, to, limit);
    if (value == OUT_OF_RANGE) return `this number is larger than ${limit}`;
    if (value < 0) return "a number is wanted here";
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) this.out.u8(<i32>(value >> <i64>shift));
    return "";
  }

  private timeField(from: i32, to: i32): string {
    const value = seconds(this.text, from, to);
    if (value == OUT_OF_RANGE) return "a time is at most 2147483647 seconds (RFC 2181 8)";
    if (value < 0) return "a time is wanted here, like 3600 or 1h30m";
    this.out.be32(<u32>value);
    return "";
  }

  private typeField(from: i32, to: i32): string {
    const type = this.formats.number(this.text, from, to);
    if (type < 0) return "a record type is wanted here";
    this.out.be16(type);
    return "";
  }

  private certificateField(from: i32, to: i32): string {
    const names: StaticArray<string> = ["PKIX", "SPKI", "PGP", "IPKIX", "ISPKI", "IPGP", "ACPKIX", "IACPKIX"];
    for (let i = 0; i < names.length; i++) {
      if (isWord(this.text, from, to, names[i])) {
        this.out.be16(i + 1);
        return "";
      }
    }
    return this.numberField(from, to, 2);
  }

  private stringField(from: i32, to: i32, counted: bool): string {
    const before = this.out.length;
    if (counted) this.out.u8(0);
    if (!plainText(this.text, from, to, this.out)) return BAD_ESCAPE;
    if (!counted) return "";
    const size = this.out.length - before - 1;
    if (size > 255)
      return `this text has ${size} bytes, and one string holds at most 255: write it as several`;
    this.out.bytes[before] = <u8>size;
    return "";
  }

  private strings(): bool {
    while (this.more()) {
      const fault = this.stringField(this.start[this.at], this.end[this.at], true);
      if (fault.length > 0) return this.fail(fault);
      this.at++;
    }
    return true;
  }

  private tagField(from: i32, to: i32): string {
    for (let i = from; i < to; i++) {
      const c = <i32>this.text[i] | 32;
      if (!isDigit(<i32>this.text[i]) && (c < 97 || c > 122))
        return "a tag is made of letters and digits (RFC 8659 4.1)";
    }
    return this.stringField(from, to, true);
  }

  /** Hexadecimal or base64 up to the end of the entry, with blanks anywhere. */
  private rest(hex: bool): bool {
    const digits = new Growing(128);
    const first = this.at;
    for (; this.more(); this.at++) {
      digits.append(this.text, this.start[this.at], this.end[this.at] - this.start[this.at]);
    }
    if (hex ? hexadecimal(digits, this.out) : base64(digits, this.out)) return true;
    this.at = first;
    return this.fail(hex ? "this is not hexadecimal" : "this is not base64");
  }

  private place(): bool {
    const fault = location(this.text, this.start, this.end, this.at, this.out);
    if (fault.length > 0) return this.fail(fault);
    this.at = this.start.length;
    return true;
  }

  private parameters(): bool {
    this.service.clear();
    for (; this.more(); this.at++) {
      const fault = this.service.add(this.text, this.start[this.at], this.end[this.at]);
      if (fault.length > 0) return this.fail(fault);
    }
    const fault = this.service.emit(this.out);
    if (fault.length == 0) return true;
    this.at--;
    return this.fail(fault);
  }

  private isGeneric(): bool {
    const from = this.start[this.at];
    return this.end[this.at] - from == 2 && this.text[from] == BACKSLASH && this.text[from + 1] == 0x23;
  }

  /** `\# LENGTH HEXADECIMAL`. RFC 3597 5. */
  private generic(type: i32, format: string): bool {
    const mark = this.at++;
    if (!this.more()) return this.fail("the length is missing after \\#");
    const length = number(this.text, this.start[this.at], this.end[this.at], 65535);
    if (length < 0) return this.fail("after \\# stands the length of the value in bytes");
    this.at++;
    if (!this.rest(true)) return false;
    this.at = mark;
    if (<i64>this.out.length != length)
      return this.fail(`${length} bytes are announced, and ${this.out.length} are there`);
    if (format == "!") return this.fail("DNSSEC records are not read: give the zone unsigned");
    return this.shape(type, format, mark);
  }

  private more(): bool {
    return this.at < this.start.length;
  }

  private fail(fault: string): bool {
    this.fault = fault;
    this.faultWord = min(this.at, this.start.length - 1);
    return false;
  }
}
