/** What a file says of a flash memory, written into that of a chip, such that a cut at any time leaves nothing half written that is started. */
import type { FlashContents, FlashPart } from "#backends";
import { inputError } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import type { Chip, Rom } from "./rom.ts";

const SECTOR = 4096;
/** By the number in an image's header; of chips that images are made for. */
const chipNames: Readonly<Record<number, string>> = { 0: "ESP32", 5: "ESP32-C3" };

export interface WrittenPart {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** False: the chip had it already. */
  readonly written: boolean;
}

export interface WriteOptions {
  /** All of the flash memory first: what others have left, and the second slot. */
  readonly erase: boolean;
  readonly terminal: Terminal;
}

/** That the file is for this chip, and has room in it. */
export function requireFits(contents: FlashContents, chip: Chip, path: string): void {
  const wanted = chipNames[contents.chip] ?? `chip ${contents.chip}`;
  if (contents.chip !== chip.id)
    throw inputError(
      `the image is for an ${wanted}, and on ${path} is an ${chip.name}`,
      "choose the target whose board this is, or the port that the other board is on",
    );
  if (contents.flash > chip.flash)
    throw inputError(
      `the image is for ${mebibytes(contents.flash)} of flash memory, and the ${chip.name} on ${path} has ${mebibytes(chip.flash)}`,
      "choose a target whose board has as much as this one",
    );
  const end = Math.max(...contents.parts.map(({ offset, bytes }) => offset + bytes.length));
  if (end > contents.flash)
    throw inputError(
      `the image has ${end} bytes, and is for a flash memory of ${mebibytes(contents.flash)}`,
      "it was changed since it was built: build it anew",
    );
}

/** Parts that the chip has already are left alone; each that was written is compared with what was to be written. */
export async function writeParts(
  rom: Rom,
  { parts }: FlashContents,
  { erase, terminal }: WriteOptions,
): Promise<WrittenPart[]> {
  if (erase) {
    terminal.progress("erasing the flash memory");
    await rom.erase(0, rom.chip.flash);
  }
  const done: WrittenPart[] = [];
  for (const part of parts) {
    const { name, offset, bytes } = part;
    terminal.progress(`comparing ${name}`);
    const written = !(await rom.has(offset, bytes));
    if (written) await writePart(rom, part, terminal);
    done.push({ name, offset, size: bytes.length, written });
  }
  return done;
}

/** The sector with the header of an image goes first when the old one is erased, and comes last when the new one is written. */
async function writePart(rom: Rom, { name, offset, bytes, starts }: FlashPart, terminal: Terminal) {
  const head = starts && bytes.length > SECTOR ? SECTOR : 0;
  const progress = (part: number) =>
    terminal.progress(`writing ${name}: ${Math.floor(100 * part)} % of ${kibibytes(bytes.length)}`);
  progress(0);
  if (head > 0) await rom.erase(offset, head);
  await rom.write(offset + head, bytes.subarray(head), progress);
  if (head > 0) await rom.write(offset, bytes.subarray(0, head), () => undefined);
  terminal.progress(`comparing ${name}`);
  if (!(await rom.has(offset, bytes)))
    throw inputError(
      `the flash memory does not have ${name} as it was written`,
      "do it again with less speed (--baud 115200); if it stays so, the flash chip is worn out or has too little voltage",
    );
}

export const mebibytes = (bytes: number): string => `${bytes / 2 ** 20}MiB`;
const kibibytes = (bytes: number): string => `${Math.ceil(bytes / 1024)}KiB`;
