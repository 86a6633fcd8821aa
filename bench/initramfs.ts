/** Files as the archive that Linux unpacks into its first file system: cpio "newc", Documentation/driver-api/early-userspace/buffer-format.rst. */

export interface ArchiveEntry {
  readonly path: string;
  readonly content:
    | { readonly kind: "directory" }
    | { readonly kind: "file"; readonly bytes: Uint8Array; readonly executable: boolean }
    | { readonly kind: "device"; readonly major: number; readonly minor: number };
}

/** Any time but 0, which NSD takes for that of a zone it has read already. */
const MODIFIED = 1_000_000_000;
const types = { directory: 0o040_755, file: 0o100_644, executable: 0o100_755, device: 0o020_600 } as const;

export function archive(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts = entries.flatMap(({ path, content }, n) => entryParts(n + 1, path, content));
  return Buffer.concat([...parts, ...entryParts(0, "TRAILER!!!", { kind: "directory" }, 0)]);
}

function entryParts(
  inode: number,
  path: string,
  content: ArchiveEntry["content"],
  mode = modeOf(content),
): Uint8Array[] {
  const bytes = content.kind === "file" ? content.bytes : new Uint8Array(0);
  const [major, minor] = content.kind === "device" ? [content.major, content.minor] : [0, 0];
  const numbers = [inode, mode, 0, 0, 1, MODIFIED, bytes.length, 0, 0, major, minor, path.length + 1, 0];
  const head = `070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}${path}\0`;
  return [padded(Buffer.from(head, "latin1")), padded(bytes)];
}

const modeOf = (content: ArchiveEntry["content"]): number =>
  types[content.kind === "file" && content.executable ? "executable" : content.kind];

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  out.set(bytes);
  return out;
}
