import { isDigit } from "../zone/name";

/**
 * How the value of each record type is written and stored: one letter a field.
 *
 *     n  name, compressed in answers (RFC 1035 types only: RFC 3597 4)     m  name, never compressed
 *     1 2 4  number of that many bytes      t  time of 4 bytes, with units     y  record type of 2 bytes
 *     a  IPv4 address      q  IPv6 address      e E  EUI-48, EUI-64      8  64 bits as four groups of hexadecimal (RFC 6742)
 *     s  one string with its length      S  one or more of them      g  a tag of letters and digits with its length (RFC 8659)
 *     u  one string to the end, without length      h  hexadecimal to the end      b  base64 to the end
 *     c  certificate type, by name or number (RFC 4398 2.1)      l  location (RFC 1876)      p  service parameters (RFC 9460 2)
 *     -  not written as text here: only the generic form of RFC 3597 is read
 */
const FORMATS: StaticArray<string> = [
  "1 A a",
  "2 NS n",
  "5 CNAME n",
  "6 SOA nn4tttt",
  "28 AAAA q",
  "12 PTR n",
  "15 MX 2n",
  "16 TXT S",
  "33 SRV 222m",
  "3 MD n",
  "4 MF n",
  "7 MB n",
  "8 MG n",
  "9 MR n",
  "10 NULL -",
  "11 WKS -",
  "13 HINFO ss",
  "14 MINFO nn",
  "17 RP mm",
  "18 AFSDB 2m",
  "19 X25 s",
  "20 ISDN S",
  "21 RT 2m",
  "22 NSAP -",
  "26 PX 2mm",
  "27 GPOS sss",
  "29 LOC l",
  "35 NAPTR 22sssm",
  "36 KX 2m",
  "37 CERT c21b",
  "39 DNAME m",
  "42 APL -",
  "43 DS 211h",
  "44 SSHFP 11h",
  "45 IPSECKEY -",
  "48 DNSKEY 211b",
  "49 DHCID b",
  "52 TLSA 111h",
  "53 SMIMEA 111h",
  "55 HIP -",
  "59 CDS 211h",
  "60 CDNSKEY 211b",
  "61 OPENPGPKEY b",
  "62 CSYNC -",
  "63 ZONEMD 411h",
  "64 SVCB 2mp",
  "65 HTTPS 2mp",
  "99 SPF S",
  "104 NID 28",
  "105 L32 2a",
  "106 L64 28",
  "107 LP 2m",
  "108 EUI48 e",
  "109 EUI64 E",
  "256 URI 22u",
  "257 CAA 1gu",
  "32769 DLV 211h",
  "46 RRSIG !",
  "47 NSEC !",
  "50 NSEC3 !",
  "51 NSEC3PARAM !",
  "30 NXT !",
  "24 SIG !",
];

/** The record types of the table, found by number or by name. Lives while zones are read. */
@final
export class Formats {
  private readonly byName: Map<u64, i32> = new Map();
  private readonly byNumber: Map<i32, string> = new Map();
  private readonly names: Map<i32, string> = new Map();

  constructor() {
    for (let i = 0; i < FORMATS.length; i++) {
      const row = FORMATS[i].split(" ");
      const number = <i32>I32.parseInt(row[0]);
      this.byName.set(packText(row[1]), number);
      this.byNumber.set(number, row[2]);
      this.names.set(number, row[1]);
    }
  }

  /** The number of a type written `MX` or `TYPE15`, any case, or -1. */
  number(text: StaticArray<u8>, from: i32, to: i32): i32 {
    const name = pack(text, from, to);
    if (this.byName.has(name)) return this.byName.get(name);
    return numbered(text, from, to, "TYPE");
  }

  /** The fields of a type; `-` for one that the table does not have. */
  of(type: i32): string {
    return this.byNumber.has(type) ? this.byNumber.get(type) : "-";
  }

  name(type: i32): string {
    return this.names.has(type) ? this.names.get(type) : `TYPE${type}`;
  }
}

/** `TYPE65280` or `CLASS1` as its number, else -1. RFC 3597 5. */
export function numbered(text: StaticArray<u8>, from: i32, to: i32, word: string): i32 {
  if (to - from <= word.length || to - from > word.length + 5) return -1;
  for (let i = 0; i < word.length; i++) if (upper(<i32>text[from + i]) != word.charCodeAt(i)) return -1;
  let value = 0;
  for (let i = from + word.length; i < to; i++) {
    if (!isDigit(<i32>text[i])) return -1;
    value = value * 10 + <i32>text[i] - 48;
  }
  return value > 65535 ? -1 : value;
}

/** Whether the word is this one, in any case. */
export function isWord(text: StaticArray<u8>, from: i32, to: i32, word: string): bool {
  if (to - from != word.length) return false;
  for (let i = 0; i < word.length; i++) if (upper(<i32>text[from + i]) != word.charCodeAt(i)) return false;
  return true;
}

/** Up to 12 letters, digits and hyphens as one number, so that names of types are compared at once; 0 for anything else. */
function pack(text: StaticArray<u8>, from: i32, to: i32): u64 {
  if (to - from > 12) return 0;
  let out: u64 = 0;
  for (let i = from; i < to; i++) {
    const digit = digit40(upper(<i32>text[i]));
    if (digit == 0) return 0;
    out = out * 40 + <u64>digit;
  }
  return out;
}

function packText(text: string): u64 {
  let out: u64 = 0;
  for (let i = 0; i < text.length; i++) out = out * 40 + <u64>digit40(text.charCodeAt(i));
  return out;
}

function digit40(c: i32): i32 {
  if (c >= 65 && c <= 90) return c - 64;
  if (isDigit(c)) return c - 20; // 28 to 37
  return c == 0x2d ? 38 : 0;
}

export function upper(c: i32): i32 {
  return c >= 97 && c <= 122 ? c - 32 : c;
}
