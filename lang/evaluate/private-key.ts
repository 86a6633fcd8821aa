/** Private keys in files that would become part of an image. */

const LOOKED_AT = 64 * 1024;
/** Of base64, behind the first line of a PEM file: without it the line is only talked about. */
const CONTENT = /[A-Za-z0-9+/=]{32}/;
const BEHIND = 600;

const pem = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/g;

/** Formats without a frame: age, PuTTY, the files that `dnssec-keygen` writes, WireGuard. */
const others = [
  /AGE-SECRET-KEY-1[A-Z0-9]{32}/,
  /^PuTTY-User-Key-File-\d/m,
  /^Private-key-format: v\d/m,
  /^\s*PrivateKey\s*=\s*[A-Za-z0-9+/]{43}=/m,
];

export function holdsPrivateKey(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, LOOKED_AT));
  for (const { 0: frame, index } of text.matchAll(pem)) {
    const start = index + frame.length;
    if (CONTENT.test(text.slice(start, start + BEHIND))) return true;
  }
  return others.some((mark) => mark.test(text));
}
