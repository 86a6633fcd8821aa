/** The contents digest inside of an image: an ELF note, a custom section of a WebAssembly module, or the end of a Linux image, all called `appl`; or what describes an application of an ESP32. */

import { readNotes } from "#compiler";
import {
  DESCRIPTION,
  DESCRIPTION_DIGEST,
  DESCRIPTION_MAGIC,
  HEADER,
  places,
  SEGMENT_HEADER,
} from "./esp32/image/format.ts";

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
  const digits = isWasm(image) || isLinuxImage(image) ? fromEnd(image) : (fromElf(image) ?? fromFlash(image));
  return digits !== undefined && /^[0-9a-f]{64}$/.test(digits) ? `sha256:${digits}` : undefined;
}

/** Of an ESP32's flash memory, from its first byte on: in the description of the application in the first slot, or of the only one. */
const fromFlash = (bytes: Uint8Array): string | undefined =>
  fromApplication(bytes, places.slots) ?? fromApplication(bytes, 0);

function fromApplication(bytes: Uint8Array, place: number): string | undefined {
  const at = place + HEADER + SEGMENT_HEADER;
  if (bytes.length < at + DESCRIPTION) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at, true) !== DESCRIPTION_MAGIC) return undefined;
  const digest = bytes.subarray(at + DESCRIPTION_DIGEST, at + DESCRIPTION_DIGEST + DIGITS / 2);
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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

function fromElf(bytes: Uint8Array): string | undefined {
  const { name, type } = CONTENTS_NOTE;
  const found = readNotes(bytes)?.find((note) => note.name === name && note.type === type);
  return found && ascii(found.descriptor);
}
