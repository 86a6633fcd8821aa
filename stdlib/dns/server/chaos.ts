import { Bytes } from "../../core/bytes";

/** Names of class CH under which a server tells about itself, in wire form. RFC 4892 and what BIND and NSD know. */
const ID_SERVER: StaticArray<u8> = [2, 105, 100, 6, 115, 101, 114, 118, 101, 114, 0];
const HOSTNAME_BIND: StaticArray<u8> = [8, 104, 111, 115, 116, 110, 97, 109, 101, 4, 98, 105, 110, 100, 0];
const VERSION_BIND: StaticArray<u8> = [7, 118, 101, 114, 115, 105, 111, 110, 4, 98, 105, 110, 100, 0];
const VERSION_SERVER: StaticArray<u8> = [
  7, 118, 101, 114, 115, 105, 111, 110, 6, 115, 101, 114, 118, 101, 114, 0,
];

export function isIdentityName(query: Bytes, length: u32): bool {
  return isName(query, length, ID_SERVER) || isName(query, length, HOSTNAME_BIND);
}

export function isVersionName(query: Bytes, length: u32): bool {
  return isName(query, length, VERSION_BIND) || isName(query, length, VERSION_SERVER);
}

function isName(query: Bytes, length: u32, name: StaticArray<u8>): bool {
  if (length != <u32>name.length) return false;
  for (let i: u32 = 0; i < length; i++) {
    const c = query.u8(12 + i);
    if ((c >= 65 && c <= 90 ? c + 32 : c) != <u32>name[i]) return false;
  }
  return true;
}
