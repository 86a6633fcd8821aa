/** What a whole flash memory is tried with on models of chips: two slots, and damage. */
import { expect } from "vitest";
import { DIGEST, FLASH_SECTOR, HEADER, otaEntry, places, SEGMENT_HEADER, slotSize } from "./image/format.ts";

/** The image of segments that begins there, without what follows. */
export function imageAt(flash: Uint8Array, place: number): Uint8Array {
  const view = new DataView(flash.buffer, flash.byteOffset);
  let at = place + HEADER;
  for (let n = flash[place + 1]!; n > 0; n--) at += SEGMENT_HEADER + view.getUint32(at + 4, true);
  return flash.slice(place, (at | 15) + 1 + DIGEST);
}

interface Started {
  readonly said: string;
  until(text: string): void;
}
type Start = (flash: Uint8Array) => Started;

/** The second slot starts when it is its turn, and when the first one is damaged; `up`: what the program says. */
export function expectBothSlots(image: Uint8Array, flash: number, up: string, started: Start): void {
  const application = image.subarray(places.slots);
  const both = new Uint8Array(places.slots + slotSize(flash) + application.length).fill(0xff);
  both.set(image);
  both.set(application, places.slots + slotSize(flash));
  both.fill(0, places.slots, places.slots + FLASH_SECTOR);
  both.set(otaEntry(2), places.otadata + FLASH_SECTOR);
  const second = started(both);
  second.until(up);
  expect(second.said).not.toContain("damaged");
  both.fill(0xff, places.otadata + FLASH_SECTOR, places.otadata + 2 * FLASH_SECTOR);
  const first = started(both);
  first.until(up);
  expect(first.said).toMatch(/^appl: a damaged image in slot 0\r\n/);
}

/** With one bit turned in the only application, anywhere in its header and in its segments, digest and sum, nothing starts, and the loader says so. */
export function expectRefused(image: Uint8Array, started: Start): void {
  const size = imageAt(image, places.slots).length + 4;
  const headers = Array.from({ length: 32 }, (_, n) => n);
  const others = Array.from({ length: 24 }, (_, n) => 32 + Math.floor(((size - 32) * n) / 24));
  for (const [n, place] of [...headers, ...others, size - 1].entries()) {
    const damaged = image.slice();
    damaged[places.slots + place]! ^= 1 << (n % 8);
    const chip = started(damaged);
    expect(() => chip.until("eth0"), `${place}`).toThrow("it sleeps for ever");
    expect(chip.said).toBe(
      "appl: a damaged image in slot 0\r\nappl: a damaged image in slot 1\r\nappl: no image that is whole; stopped\r\n",
    );
  }
}
