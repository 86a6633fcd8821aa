/** Memory for heads that come in pieces. */
import { Places } from "../../net/places";

/** Room for the empty lines before a head, and so much that a place is never full: `Scan` refuses before. */
const MORE: u32 = 8;

export let heads: Places = new Places(0, 0);

/** In `prepare`: so many places for heads of so many bytes. */
export function make(count: u32, most: u32): void {
  heads = new Places(count, most + MORE);
}
