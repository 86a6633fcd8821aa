/** Notes of ELF files: named records for loaders and tools (System V gABI 4.1, chapter 5, "Note Section"). Little-endian. */

export interface ElfNote {
  /** Without the final zero. */
  readonly name: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
}

const HEAD = 12;
const padded = (length: number): number => (length + 3) & ~3;

/** Notes one after the other: sizes, type, name and descriptor, each filled up to 4 bytes. */
export function emitNotes(notes: readonly ElfNote[]): Uint8Array {
  const parts = notes.map(({ name, type, descriptor }) => {
    const text = new TextEncoder().encode(`${name}\0`);
    const bytes = new Uint8Array(HEAD + padded(text.length) + padded(descriptor.length));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, text.length, true);
    view.setUint32(4, descriptor.length, true);
    view.setUint32(8, type, true);
    bytes.set(text, HEAD);
    bytes.set(descriptor, HEAD + padded(text.length));
    return bytes;
  });
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The notes in these bytes; undefined when they are broken. */
export function parseNotes(bytes: Uint8Array): ElfNote[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const notes: ElfNote[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + HEAD > bytes.length) return undefined;
    const nameSize = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    const start = at + HEAD + padded(nameSize);
    if (nameSize === 0 || start + size > bytes.length) return undefined;
    const name = new TextDecoder().decode(bytes.subarray(at + HEAD, at + HEAD + nameSize - 1));
    notes.push({ name, type: view.getUint32(at + 8, true), descriptor: bytes.slice(start, start + size) });
    at = start + padded(size);
  }
  return notes;
}
