/** What is in the file of a whole flash memory, for those who write it into one. */
import { FLASH_SECTOR, HEADER, loaders, MAGIC, places, VALUES } from "./format.ts";

/** A part of the flash memory in whole sectors; what lies between parts is erased. */
export interface FlashPart {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** An image of segments: without its first sector nobody starts it. */
  readonly starts: boolean;
}

export interface FlashContents {
  /** As the image's header has it: 0 is an ESP32, 5 an ESP32-C3. */
  readonly chip: number;
  /** Bytes of the flash chip that it was made for. */
  readonly flash: number;
  /**
   * In an order in which they can be written with the power failing at any time: what is started first comes last, so a loader that is there finds either what was there or
   * what it can see to be damaged.
   */
  readonly parts: readonly FlashPart[];
  /** Where values for slots belong; undefined if the image finds none there. */
  readonly values: { readonly offset: number; readonly size: number } | undefined;
}

const PARTITION = 32;
const PARTITION_MAGIC = 0x50aa;
const APPLICATION = 0;

/** Undefined if the file is not the flash memory of such a chip from its first byte on. */
export function readFlashImage(bytes: Uint8Array): FlashContents | undefined {
  const loader = Object.values(loaders).find((at) => bytes[at] === MAGIC && chipsAt(bytes, at));
  if (loader === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chip = view.getUint16(loader + 12, true);
  const flash = 2 ** (20 + (bytes[loader + 3]! >>> 4));
  if (bytes.length < places.table + FLASH_SECTOR || view.getUint16(places.table, true) !== PARTITION_MAGIC)
    return {
      chip,
      flash,
      values: undefined,
      parts: [{ name: "image", offset: loader, bytes: bytes.subarray(loader), starts: true }],
    };
  const partitions: FlashPart[] = [];
  let values: FlashContents["values"];
  for (let at = places.table; view.getUint16(at, true) === PARTITION_MAGIC; at += PARTITION) {
    const [offset, size] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
    const name = textAt(bytes, at + 12);
    if (name === VALUES) values = { offset, size };
    const part = bytes.subarray(offset, offset + size);
    if (part.every((byte) => byte === 0xff)) continue;
    partitions.push({
      name,
      offset,
      bytes: part,
      starts: view.getUint8(at + 2) === APPLICATION,
    });
  }
  const part = (name: string, offset: number, end: number, starts = false): FlashPart => ({
    name,
    offset,
    bytes: trimmed(bytes.subarray(offset, end)),
    starts,
  });
  return {
    chip,
    flash,
    values,
    parts: [
      ...partitions.toSorted((a, b) => Number(b.starts) - Number(a.starts)),
      part("partition table", places.table, places.table + FLASH_SECTOR),
      part("loader", loader, places.table, true),
    ],
  };
}

/** At 0 lies an ESP32-C3's, at 0x1000 an ESP32's. */
const chipsAt = (bytes: Uint8Array, at: number): boolean =>
  at + HEADER <= bytes.length && (bytes[at + 12] === 0) === (at === loaders.esp32);

/** Without the erased sectors at the end. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const last = bytes.findLastIndex((byte) => byte !== 0xff);
  return bytes.subarray(0, Math.ceil((last + 1) / FLASH_SECTOR) * FLASH_SECTOR);
}

function textAt(bytes: Uint8Array, at: number): string {
  const text = bytes.subarray(at, at + 16);
  const end = text.indexOf(0);
  return new TextDecoder().decode(end < 0 ? text : text.subarray(0, end));
}
