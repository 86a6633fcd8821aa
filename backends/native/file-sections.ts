/** Which part of an image is where in its file. */
import { type FileSection, type MapRow, segmentPlaces } from "#compiler";

/** Everything before the first segment, and then what of the memory map is in the file. */
export function fileSections(elf: Uint8Array, map: readonly MapRow[]): FileSection[] {
  const places = segmentPlaces(elf).filter(({ stored }) => stored > 0);
  const found = map.flatMap(({ name, address, stored }) => {
    const place = places.find((each) => address >= each.address && address < each.address + each.stored);
    if (place === undefined || stored === 0) return [];
    const into = address - place.address;
    // Zeros at the end of a segment are not in the file.
    return [{ name, offset: place.offset + into, size: Math.min(stored, place.stored - into) }];
  });
  const head = { name: "headers", offset: 0, size: Math.min(...places.map(({ offset }) => offset)) };
  return [head, ...found].toSorted((a, b) => a.offset - b.offset);
}
