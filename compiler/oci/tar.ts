/** Archives in POSIX's `ustar` format (IEEE 1003.1-2017, pax): files and folders that belong to nobody in particular, of no time. */

export interface TarEntry {
  /** Of ASCII, at most 100 characters; a folder's ends with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
}

const BLOCK = 512;
const text = new TextEncoder();

/** Equal entries give equal bytes. */
export function tar(entries: readonly TarEntry[]): Uint8Array {
  const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK;
  const total = entries.reduce((sum, { bytes }) => sum + BLOCK + padded(bytes.length), 0);
  // Two empty blocks end it.
  const out = new Uint8Array(total + 2 * BLOCK);
  let at = 0;
  for (const entry of entries) {
    out.set(header(entry), at);
    out.set(entry.bytes, at + BLOCK);
    at += BLOCK + padded(entry.bytes.length);
  }
  return out;
}

function header({ path, bytes, executable = false }: TarEntry): Uint8Array {
  if (!/^[\x21-\x7e]{1,100}$/.test(path)) throw new Error(`BUG: \`${path}\` is no name for an archive`);
  const block = new Uint8Array(BLOCK);
  const isFolder = path.endsWith("/");
  const put = (at: number, value: string) => block.set(text.encode(value), at);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  put(0, path);
  put(100, octal(isFolder || executable ? 0o755 : 0o644, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(bytes.length, 11));
  put(136, octal(0, 11));
  put(148, " ".repeat(8));
  put(156, isFolder ? "5" : "0");
  put(257, "ustar");
  put(263, "00");
  put(
    148,
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  );
  return block;
}
