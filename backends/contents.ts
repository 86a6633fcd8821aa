/** The contents digest inside of an image: an ELF note, a custom section of a WebAssembly module, or the end of a Linux image, all called `appl`. */

/** Name and type of the note; its description is the digest's 64 hexadecimal digits. */
export const CONTENTS_NOTE = { name: "appl", type: 1 } as const;

const DIGITS = 64;
const text = new TextEncoder();

/** `wasm` with a custom section (WebAssembly core specification 5.5.3) that holds the digest. */
export function appendContents(wasm: Uint8Array, contents: string): Uint8Array {
  const name = text.encode(CONTENTS_NOTE.name);
  const section = [0, 1 + name.length + DIGITS, name.length, ...name, ...text.encode(contents)];
  const out = new Uint8Array(wasm.length + section.length);
  out.set(wasm);
  out.set(section, wasm.length);
  return out;
}

/** `image`, in Linux's format, with the name and the digest behind it: where memory is that is zeroed at the start. */
export function appendDigest(image: Uint8Array, contents: string): Uint8Array {
  const tail = text.encode(`${CONTENTS_NOTE.name}${contents}`);
  const out = new Uint8Array(image.length + tail.length);
  out.set(image);
  out.set(tail, image.length);
  return out;
}

/** The digest of an image, `sha256:…`; undefined if the file is no image of ours. */
export function contentsOf(image: Uint8Array): string | undefined {
  const digits = isWasm(image) || isLinuxImage(image) ? fromEnd(image) : fromElf(image);
  return digits !== undefined && /^[0-9a-f]{64}$/.test(digits) ? `sha256:${digits}` : undefined;
}

const isWasm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
/** Linux, Documentation/arch/riscv/boot-image-header.rst */
const isLinuxImage = (bytes: Uint8Array): boolean => ascii(bytes.subarray(56, 60)) === "RSC\x05";
const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Ours is the last thing in the file. */
function fromEnd(bytes: Uint8Array): string | undefined {
  const name = text.encode(CONTENTS_NOTE.name);
  const start = bytes.length - DIGITS - name.length;
  return start > 8 && ascii(bytes.subarray(start, start + name.length)) === CONTENTS_NOTE.name
    ? ascii(bytes.subarray(-DIGITS))
    : undefined;
}

const ELF_HEADER = 64;
const PROGRAM_HEADER = 56;
const PT_NOTE = 4;

/** System V ABI, chapter 5: notes of every PT_NOTE segment. All bounds are checked: the file may be anything. */
function fromElf(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < ELF_HEADER || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2) return undefined;
  const first = Number(view.getBigUint64(32, true));
  const count = view.getUint16(56, true);
  for (let n = 0; n < count; n++) {
    const header = first + n * PROGRAM_HEADER;
    if (header + PROGRAM_HEADER > bytes.length) return undefined;
    if (view.getUint32(header, true) !== PT_NOTE) continue;
    const offset = Number(view.getBigUint64(header + 8, true));
    const size = Number(view.getBigUint64(header + 32, true));
    if (offset + size > bytes.length) return undefined;
    const found = noteIn(bytes.subarray(offset, offset + size));
    if (found !== undefined) return found;
  }
  return undefined;
}

function noteIn(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const padded = (size: number) => Math.ceil(size / 4) * 4;
  for (let at = 0; at + 12 <= bytes.length; ) {
    const nameSize = view.getUint32(at, true);
    const size = view.getUint32(at + 4, true);
    const start = at + 12 + padded(nameSize);
    if (start + size > bytes.length) return undefined;
    const name = ascii(bytes.subarray(at + 12, at + 12 + Math.max(0, nameSize - 1)));
    if (name === CONTENTS_NOTE.name && view.getUint32(at + 8, true) === CONTENTS_NOTE.type)
      return ascii(bytes.subarray(start, start + size));
    at = start + padded(size);
  }
  return undefined;
}
