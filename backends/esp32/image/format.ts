/**
 * What lies in an ESP32's flash memory (ESP-IDF 5, esp_app_format.h, esp_app_desc.h, esp_flash_partitions.h): images of segments, which the ROM and loaders read,
 * the table of partitions, and what says of a slot whose turn it is.
 */
import { dataSection, type Section } from "#codegen";
import { pureSha256 } from "#compiler";

export interface FlashSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

export const HEADER = 24;
export const SEGMENT_HEADER = 8;
/** The first byte of an image. */
export const MAGIC = 0xe9;
/** DIO: what every flash chip can do. */
const SPI_MODE = 2;
const SPEED_40_MHZ = 0;
const NO_WP_PIN = 0xee;
/** ESP32, and ESP32-C3. */
export const CHIP_ID = 0;
export const C3_ID = 5;
const ANY_REVISION = 0xffff;
const CHECKSUM_SEED = 0xef;
/** SHA-256. */
export const DIGEST = 32;
/** Of the sum of all words that our loader compares: Bernstein's, times 33 and plus the next. */
export const SUM_SEED = 5381;
export const SUM_SHIFT = 5;

const aligned = (size: number, to: number): number => Math.ceil(size / to) * to;

/** The header's field for a flash chip of so many bytes: 1 MiB is 0, each double is one more. */
const sizeField = (flash: number): number => Math.max(0, Math.log2(flash / 2 ** 20)) << 4;

/** Header, segments, a checksum that ends 16 bytes, and the SHA-256 of all that. */
export function flashImage(
  segments: readonly FlashSegment[],
  entry: number,
  flash: number,
  chip = CHIP_ID,
): Uint8Array {
  const sizes = segments.map(({ bytes }) => SEGMENT_HEADER + aligned(bytes.length, 4));
  const end = aligned(HEADER + sizes.reduce((sum, size) => sum + size, 0) + 1, 16);
  const image = new Uint8Array(end + DIGEST);
  const view = new DataView(image.buffer);
  image.set([MAGIC, segments.length, SPI_MODE, sizeField(flash) | SPEED_40_MHZ]);
  view.setUint32(4, entry, true);
  view.setUint8(8, NO_WP_PIN);
  view.setUint16(12, chip, true);
  view.setUint16(17, ANY_REVISION, true);
  view.setUint8(23, 1); // a digest is appended
  let at = HEADER;
  let checksum = CHECKSUM_SEED;
  segments.forEach(({ address, bytes }, n) => {
    view.setUint32(at, address, true);
    view.setUint32(at + 4, sizes[n]! - SEGMENT_HEADER, true);
    image.set(bytes, at + SEGMENT_HEADER);
    for (const byte of bytes) checksum ^= byte;
    at += sizes[n]!;
  });
  view.setUint8(end - 1, checksum);
  image.set(bytesOf(pureSha256(image.subarray(0, end))), end);
  return image;
}

/**
 * An image with the sum of its words behind it, by which our loader knows that it is whole: what the ROM compares leaves out the header and where segments go, and is one byte. No
 * change of one bit leaves the sum as it was.
 */
export function withSum(image: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(image.length + 4);
  bytes.set(image);
  new DataView(bytes.buffer).setUint32(image.length, sumOf(image), true);
  return bytes;
}

function sumOf(image: Uint8Array): number {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  let sum = SUM_SEED;
  for (let at = 0; at < image.length; at += 4)
    sum = (sum + (sum << SUM_SHIFT) + view.getUint32(at, true)) >>> 0;
  return sum;
}

/** Of hexadecimal digits. */
export const bytesOf = (digits: string): Uint8Array =>
  Uint8Array.from({ length: digits.length / 2 }, (_, n) =>
    Number.parseInt(digits.slice(2 * n, 2 * n + 2), 16),
  );

/** `esp_app_desc_t`, which lies at the beginning of an application's first segment. */
export const DESCRIPTION = 256;
export const DESCRIPTION_MAGIC = 0xabcd5432;
/** The field for the digest of an ELF file: our contents digest. */
export const DESCRIPTION_DIGEST = 144;
const NAME_AT = 48;
const NAME = 32;

/** `contents`: 64 hexadecimal digits. Fields for dates and versions are empty: they would say nothing that the digest does not. */
export function description(name: string, contents: string): Uint8Array {
  const bytes = new Uint8Array(DESCRIPTION);
  new DataView(bytes.buffer).setUint32(0, DESCRIPTION_MAGIC, true);
  bytes.set(new TextEncoder().encode(name).subarray(0, NAME - 1), NAME_AT);
  bytes.set(bytesOf(contents), DESCRIPTION_DIGEST);
  return bytes;
}

export interface Partition {
  readonly name: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
}

const PARTITION_MAGIC = 0x50aa;
const PARTITION = 32;
/** What flash memory has where nothing was written. */
export const ERASED = 0xff;
/** A table fills one sector of its own, less the last entry's place, which is erased. */
export const TABLE = 0xc00;

export function partitionTable(partitions: readonly Partition[]): Uint8Array {
  const bytes = new Uint8Array(TABLE).fill(ERASED);
  const view = new DataView(bytes.buffer);
  partitions.forEach(({ name, type, subtype, offset, size }, n) => {
    const at = PARTITION * n;
    bytes.fill(0, at, at + PARTITION);
    view.setUint16(at, PARTITION_MAGIC, true);
    view.setUint8(at + 2, type);
    view.setUint8(at + 3, subtype);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, size, true);
    bytes.set(new TextEncoder().encode(name).subarray(0, 15), at + 12);
  });
  return bytes;
}

/** One of the two entries of otadata: `sequence` counts up, slot `(sequence - 1) % 2` is meant. */
export function otaEntry(sequence: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(ERASED);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sequence, true);
  view.setUint32(28, crcOf(sequence), true);
  return bytes;
}

/** CRC-32 (IEEE 802.3) of the sequence's four bytes, as ESP-IDF begins it: from all ones, not inverted before. */
export function crcOf(sequence: number): number {
  // `esp_rom_crc32_le` inverts what it begins with and what it gives.
  let crc = 0;
  for (let n = 0; n < 4; n++) {
    crc ^= (sequence >>> (8 * n)) & 255;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** Where the ROM of each chip looks for what it starts. */
export const loaders = { esp32: 0x1000, esp32c3: 0 } as const;
/** Where everything else lies in flash memory. */
export const places = {
  table: 0x8000,
  values: 0x9000,
  valuesSize: 0x2000,
  otadata: 0xd000,
  otadataSize: 0x2000,
  slots: 0x10000,
} as const;
export const FLASH_PAGE = 0x10000;
/** What can be erased. */
export const FLASH_SECTOR = 0x1000;

/** An application has these segments: constants, then code. */
export const APPLICATION_SEGMENTS = 2;
/** No application has more than a slot less this: there is room behind its segments for a checksum, a digest and a sum. */
export const SLOT_REST = 64;

/** What loaders say. The digits of slots lie two bytes apart. */
export const loaderTexts = {
  damaged: "appl: a damaged image in slot ",
  digits: "0\0" + "1",
  next: "\r\n",
  none: "appl: no image that is whole; stopped\r\n",
} as const;
export const loaderTextSections = (): Section[] =>
  Object.entries(loaderTexts).map(([name, text]) =>
    dataSection(`loader.text.${name}`, "r", 1, new TextEncoder().encode(`${text}\0`)),
  );

/** Bytes of each of two slots, in whole pages of the flash cache. */
export const slotSize = (flash: number): number =>
  Math.floor((flash - places.slots) / 2 / FLASH_PAGE) * FLASH_PAGE;

/** What the table calls the partition with values for slots (`values.ts`). */
export const VALUES = "values";

/** ESP-IDF's numbers: type 0 is an application (0x10 the first slot), type 1 data (0 is otadata, from 0x40 on it is the application's own). */
export const partitionsOf = (flash: number): readonly Partition[] => [
  { name: VALUES, type: 1, subtype: 0x40, offset: places.values, size: places.valuesSize },
  { name: "otadata", type: 1, subtype: 0, offset: places.otadata, size: places.otadataSize },
  { name: "ota_0", type: 0, subtype: 0x10, offset: places.slots, size: slotSize(flash) },
  { name: "ota_1", type: 0, subtype: 0x11, offset: places.slots + slotSize(flash), size: slotSize(flash) },
];

/** The whole of it from the first byte of flash memory on, in whole sectors; the first slot has the application, the second nothing. */
export function mergedImage(
  { loader, at }: { readonly loader: Uint8Array; readonly at: number },
  application: Uint8Array,
  flash: number,
): Uint8Array {
  const bytes = new Uint8Array(aligned(places.slots + application.length, FLASH_SECTOR)).fill(ERASED);
  bytes.set(loader, at);
  bytes.set(partitionTable(partitionsOf(flash)), places.table);
  bytes.set(otaEntry(1), places.otadata);
  bytes.set(application, places.slots);
  return bytes;
}
