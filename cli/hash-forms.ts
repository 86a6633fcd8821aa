/** One sha256, as different tools write it. Conversions only. */

export const forms = ["hex", "sri", "nix32", "multihash", "oci"] as const;
export type Form = (typeof forms)[number];

const BYTES = 32;
/** Without e, o, t and u. */
const NIX32 = "0123456789abcdfghijklmnpqrsvwxyz";
const NIX32_DIGITS = Math.ceil((BYTES * 8) / 5);
/** sha2-256, 32 bytes: github.com/multiformats/multihash. */
const MULTIHASH = "1220";

/** `digest` is 32 bytes. */
export function writeForm(digest: Uint8Array, form: Form): string {
  const hex = Buffer.from(digest).toString("hex");
  switch (form) {
    case "hex":
      return hex;
    case "sri":
      return `sha256-${Buffer.from(digest).toString("base64")}`;
    case "nix32":
      return nix32(digest);
    case "multihash":
      return `${MULTIHASH}${hex}`;
    case "oci":
      return `sha256:${hex}`;
  }
}

/** Digits of five bits each, the lowest last. */
function nix32(bytes: Uint8Array): string {
  let text = "";
  for (let n = NIX32_DIGITS - 1; n >= 0; n--) text += NIX32[fiveBits(bytes, n * 5)];
  return text;
}

function fiveBits(bytes: Uint8Array, bit: number): number {
  const at = bit >> 3;
  const both = bytes[at]! | ((bytes[at + 1] ?? 0) << 8);
  return (both >> (bit & 7)) & 31;
}

/** The 32 bytes of a digest in any of the forms; undefined for other text. */
export function readForm(text: string): Uint8Array | undefined {
  const [, hex] = /^(?:sha256:|1220)?([0-9a-f]{64})$/.exec(text) ?? [];
  if (hex !== undefined) return Buffer.from(hex, "hex");
  const [, base64] = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (base64 !== undefined) {
    const bytes = Buffer.from(base64, "base64");
    // The last digit has bits that belong to no byte.
    return bytes.toString("base64") === base64 ? bytes : undefined;
  }
  const [, digits] = /^(?:sha256:)?([0-9a-df-np-sv-z]{52})$/.exec(text) ?? [];
  return digits === undefined ? undefined : fromNix32(digits);
}

function fromNix32(digits: string): Uint8Array | undefined {
  const bytes = new Uint8Array(BYTES);
  for (const [n, digit] of [...digits].toReversed().entries()) {
    const value = NIX32.indexOf(digit);
    const at = (n * 5) >> 3;
    const shifted = value << ((n * 5) & 7);
    bytes[at]! |= shifted & 0xff;
    if (at + 1 < BYTES) bytes[at + 1]! |= shifted >> 8;
    else if (shifted >> 8 !== 0) return undefined;
  }
  return bytes;
}
