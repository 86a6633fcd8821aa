import { Growing } from "../zone/growing";
import { base64, ip4, ip6 } from "./encodings";
import { BAD_ESCAPE, plainText } from "./escapes";
import { number } from "./numbers";

/** The keys of RFC 9460 14.3.2 by their numbers, and RFC 9461 (7) and RFC 9540 (8). */
const KEYS: StaticArray<string> = [
  "mandatory",
  "alpn",
  "no-default-alpn",
  "port",
  "ipv4hint",
  "ech",
  "ipv6hint",
  "dohpath",
  "ohttp",
];
const MANDATORY = 0;
const ALPN = 1;
const NO_DEFAULT_ALPN = 2;
const PORT = 3;
const IPV4HINT = 4;
const ECH = 5;
const IPV6HINT = 6;
const OHTTP = 8;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** The parameters of an SVCB or HTTPS record: collected in any order, given out in the order of their keys. RFC 9460 2.2. */
@final
export class ServiceParameters {
  private readonly keys: Array<i32> = [];
  private readonly values: Array<Growing> = [];

  clear(): void {
    this.keys.length = 0;
    this.values.length = 0;
  }

  /** Adds `key=value`, `key="value"` or `key`; gives what is wrong, or an empty text. */
  add(text: StaticArray<u8>, from: i32, to: i32): string {
    let middle = from;
    while (middle < to && text[middle] != 0x3d) middle++;
    const key = keyOf(text, from, middle);
    if (key < 0)
      return "this is no parameter of a service: alpn, port, ipv4hint, … or key65280 (RFC 9460 2.1)";
    if (this.keys.includes(key)) return "this parameter is given twice";
    const plain = new Growing(64);
    if (middle < to && !plainText(text, middle + 1, to, plain)) return BAD_ESCAPE;
    const value = new Growing(64);
    const fault = encode(key, plain, value);
    if (fault.length > 0) return fault;
    this.put(key, value);
    return "";
  }

  /** A parameter whose value is in wire form already. */
  put(key: i32, value: Growing): void {
    this.keys.push(key);
    this.values.push(value);
  }

  /** Writes them; gives what is wrong, or an empty text. */
  emit(out: Growing): string {
    let before = -1;
    for (let round = 0; round < this.keys.length; round++) {
      let next = -1;
      for (let i = 0; i < this.keys.length; i++) {
        if (this.keys[i] > before && (next < 0 || this.keys[i] < this.keys[next])) next = i;
      }
      before = this.keys[next];
      const value = this.values[next];
      if (value.length > 65535) return "this parameter is too long";
      out.be16(before);
      out.be16(value.length);
      out.append(value.bytes, 0, value.length);
      if (before == MANDATORY && !this.hasAll(value)) return "a mandatory parameter is missing (RFC 9460 8)";
      if (before == NO_DEFAULT_ALPN && !this.keys.includes(ALPN))
        return "no-default-alpn needs alpn (RFC 9460 7.1.1)";
    }
    return "";
  }

  private hasAll(value: Growing): bool {
    for (let i = 0; i < value.length; i += 2) {
      if (!this.keys.includes(((<i32>value.bytes[i]) << 8) | <i32>value.bytes[i + 1])) return false;
    }
    return true;
  }
}

function keyOf(text: StaticArray<u8>, from: i32, to: i32): i32 {
  for (let key = 0; key < KEYS.length; key++) if (same(text, from, to, KEYS[key])) return key;
  if (to - from < 4 || !same(text, from, from + 3, "key")) return -1;
  return <i32>number(text, from + 3, to, 65534);
}

function same(text: StaticArray<u8>, from: i32, to: i32, word: string): bool {
  if (to - from != word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const c = <i32>text[from + i];
    if ((c >= 65 && c <= 90 ? c | 32 : c) != word.charCodeAt(i)) return false;
  }
  return true;
}

/** From the value as text to the value on the wire. */
function encode(key: i32, plain: Growing, out: Growing): string {
  if (key == NO_DEFAULT_ALPN || key == OHTTP) return plain.length == 0 ? "" : "this parameter has no value";
  if (key == PORT) {
    const port = number(plain.bytes, 0, plain.length, 65535);
    if (port < 0) return "a port is a number of 0 to 65535";
    out.be16(<i32>port);
    return "";
  }
  if (key == ECH) return plain.length > 0 && base64(plain, out) ? "" : "this is not base64";
  if (key == ALPN) return protocols(plain, out);
  if (key != MANDATORY && key != IPV4HINT && key != IPV6HINT) {
    out.append(plain.bytes, 0, plain.length);
    return "";
  }
  let from = 0;
  for (let i = 0; i <= plain.length; i++) {
    if (i < plain.length && plain.bytes[i] != COMMA) continue;
    if (key == IPV4HINT && !ip4(plain.bytes, from, i, out)) return "this is no list of IPv4 addresses";
    if (key == IPV6HINT && !ip6(plain.bytes, from, i, out)) return "this is no list of IPv6 addresses";
    if (key == MANDATORY && !mandatory(keyOf(plain.bytes, from, i), out))
      return "this is no list of other parameters";
    from = i + 1;
  }
  return "";
}

/** Keeps the list of mandatory keys in order; false for a wrong one. */
function mandatory(key: i32, out: Growing): bool {
  if (key <= MANDATORY) return false;
  let at = out.length;
  out.be16(key);
  for (; at > 0; at -= 2) {
    const before = ((<i32>out.bytes[at - 2]) << 8) | <i32>out.bytes[at - 1];
    if (before == key) return false;
    if (before < key) break;
    out.setBe16(at, before);
    out.setBe16(at - 2, key);
  }
  return true;
}

/** A list with commas, each entry with its length; `\,` and `\\` are a comma and a backslash in an entry. RFC 9460 A.1. */
function protocols(plain: Growing, out: Growing): string {
  let begin = out.length;
  out.u8(0);
  for (let i = 0; i <= plain.length; i++) {
    let c = i < plain.length ? <i32>plain.bytes[i] : COMMA;
    if (c == COMMA) {
      const size = out.length - begin - 1;
      if (size < 1 || size > 255) return "a protocol name has 1 to 255 bytes";
      out.bytes[begin] = <u8>size;
      if (i == plain.length) break;
      begin = out.length;
      out.u8(0);
      continue;
    }
    if (c == BACKSLASH && i + 1 < plain.length) c = <i32>plain.bytes[++i];
    out.u8(c);
  }
  return "";
}
