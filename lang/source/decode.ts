/** Bytes to text. */

export interface Decoded {
  /** Without a byte order mark; each faulty sequence is one U+FFFD. */
  readonly text: string;
  /** The first faulty sequence, if there is one. */
  readonly fault: { readonly offset: number; readonly byte: number } | undefined;
  /** The bytes are no text at all: UTF-16, or a binary file. */
  readonly binary: boolean;
}

const BOM = "\ufeff";

/** UTF-8, with or without a byte order mark. */
export function decode(bytes: Uint8Array): Decoded {
  const strict = new TextDecoder("utf-8", { fatal: true });
  try {
    const text = strict.decode(bytes);
    return { text, fault: undefined, binary: text.includes("\0") };
  } catch {
    const length = validPrefix(bytes);
    const before = new TextDecoder("utf-8").decode(bytes.subarray(0, length));
    const text = new TextDecoder("utf-8").decode(bytes);
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return {
      text,
      fault: { offset: before.length, byte: bytes[length] ?? 0 },
      binary: utf16 || text.includes("\0"),
    };
  }
}

export function withoutMark(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/** How many bytes at the start are whole, well-formed UTF-8 sequences (Unicode 15.0, table 3-7). */
function validPrefix(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequence(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function sequence(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < low || second > high) return 0;
  for (let next = 2; next < length; next++) if ((bytes[at + next] ?? 0) >> 6 !== 2) return 0;
  return length;
}
