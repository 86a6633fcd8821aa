/**
 * Memory for messages that come in pieces. Most come in one piece and are read where they lie, so a few are enough for many connections;
 * and who sends slowly on purpose takes places from others who do the same, never from those whose messages come whole.
 */
import { Bytes } from "../core/bytes";

@final
export class Place {
  /** Counts up with each taking: the smallest is the oldest. */
  turn: u64 = 0;
  isTaken: bool = false;

  constructor(public bytes: Bytes) {}
}

@final
export class Places {
  private readonly all: StaticArray<Place>;
  private turns: u64 = 0;

  /** In `prepare`: so many places of so many bytes. */
  constructor(count: u32, size: u32) {
    const made: Place[] = [];
    for (let n: u32 = 0; n < count; n++)
      made.push(new Place(new Bytes(new StaticArray<u8>(<i32>size), 0, size)));
    this.all = StaticArray.fromArray(made);
  }

  /** A free place, or the one that was taken longest ago: its owner sees by `turn` that it is no longer his. */
  take(): Place {
    let best = this.all[0];
    for (let n = 0; n < this.all.length; n++) {
      const place = this.all[n];
      if (!place.isTaken) {
        best = place;
        break;
      }
      if (place.turn < best.turn) best = place;
    }
    this.turns += 1;
    best.turn = this.turns;
    best.isTaken = true;
    return best;
  }

  /** Is it still his who took it at that turn? */
  isOf(place: Place, turn: u64): bool {
    return place.isTaken && place.turn == turn;
  }

  give(place: Place, turn: u64): void {
    if (this.isOf(place, turn)) place.isTaken = false;
  }

  /** After a restart nobody has one. */
  reset(): void {
    for (let n = 0; n < this.all.length; n++) this.all[n].isTaken = false;
  }
}
