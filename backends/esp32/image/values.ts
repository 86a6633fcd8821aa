/** Values for slots in a partition of their own, which no image has: `appl flash` writes them, and they stay when another image is written. */
import { FLASH_SECTOR, withSum } from "./format.ts";

/** `../drivers/given/values.ts` has the same numbers. */
const MAGIC = 0x76_70_70_61;
const HEADER = 8;
const SUM = 4;

/** The text's bytes that a partition of this size has room for. */
export const mostText = (partition: number): number => partition - HEADER - SUM;

/** Lines `SLOT=VALUE` between a header (`appv`, then the bytes of the text) and a sum of all words before it, in whole sectors. */
export function valuesOf(lines: string): Uint8Array {
  const text = new TextEncoder().encode(lines);
  const words = new Uint8Array(HEADER + Math.ceil(text.length / 4) * 4);
  const view = new DataView(words.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, text.length, true);
  words.set(text, HEADER);
  const summed = withSum(words);
  const sectors = new Uint8Array(Math.ceil(summed.length / FLASH_SECTOR) * FLASH_SECTOR).fill(0xff);
  sectors.set(summed);
  return sectors;
}
