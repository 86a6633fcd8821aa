/** A message of a stream of them: two bytes of length, then as many bytes. RFC 1035 4.2.2, RFC 7766 8. */
import { Bytes } from "../../core/bytes";
import { Place, Places } from "../../net/places";
import { PREFIX } from "./whole";

/** Longer questions are nobody's: names, options and signatures are far below. */
export const LONGEST: u32 = 4096;

let places: Places = new Places(0, 0);

/** In `prepare`: for messages that come in pieces. */
export function makePlaces(count: u32): void {
  places = new Places(count, PREFIX + LONGEST);
}

export function resetPlaces(): void {
  places.reset();
}

/** One that comes in pieces. */
@final
export class Gathered {
  private place: Place | null = null;
  private turn: u64 = 0;
  private filled: u32 = 0;

  get isBegun(): bool {
    return this.place != null;
  }

  /** Is its memory still its own? */
  get isKept(): bool {
    const place = this.place;
    return place != null && places.isOf(place, this.turn);
  }

  /** All of it has come. `isKept` is true. */
  get isWhole(): bool {
    return this.filled >= PREFIX && this.filled == PREFIX + this.place!.bytes.be16(0);
  }

  begin(): void {
    const place = places.take();
    this.place = place;
    this.turn = place.turn;
    this.filled = 0;
  }

  /** Takes what belongs to it, and gives how many bytes that are. Its length, once there is one, is at most LONGEST. */
  take(bytes: Bytes, from: u32): u32 {
    const store = this.place!.bytes;
    const wanted = this.filled < PREFIX ? PREFIX : PREFIX + store.be16(0);
    const part = min(wanted - this.filled, bytes.length - from);
    store.copy(this.filled, bytes, from, part);
    this.filled += part;
    return part;
  }

  /** How long it will be; 0 while that is not known. */
  get size(): u32 {
    return this.filled < PREFIX ? 0 : this.place!.bytes.be16(0);
  }
  get hasSize(): bool {
    return this.filled >= PREFIX;
  }

  /** `view` shows it, without its length. */
  show(view: Bytes): void {
    view.window(this.place!.bytes, PREFIX, this.filled - PREFIX);
  }

  end(): void {
    const place = this.place;
    if (place != null) places.give(place, this.turn);
    this.place = null;
  }
}
