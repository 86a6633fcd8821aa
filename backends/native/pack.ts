/**
 * What boot code writes into memory at every start, in fewer bytes: an LZ77 format that some sixty bytes of machine code read. Most of what
 * set-up leaves in memory is there twice: heads of answers, words of objects, zeros.
 *
 * A stream is a sequence of: a token, `literals << 5 | isFar << 4 | length`; the literal bytes; how far back a match begins, one byte, or two with
 * `isFar`, the low one first; the match is the `length + SHORTEST` bytes that memory has from there on. 7 literals and a length of 15 go on in bytes that are
 * added, up to the first that is not 255: those of literals behind the token, those of a length at the end. A distance of 0 in one byte is no match:
 * three bytes say how much of memory is passed over, and boot code makes the page ready in which it goes on; or the stream ends there.
 */

/** Bytes for one place, none of them in another page. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export const SHORTEST = 2;
export const MOST_LITERALS = 7;
export const MOST_LENGTH = 15;
const MOST_NEAR = 0xff;
const MOST_FAR = 0xffff;
const MOST_PASS = 0xff_ffff;
/** Behind so many bytes only repetitions of one byte are looked for, so that it never takes long. */
const MOST_SEARCHED = 256 * 1024;
/** Places that are looked at for a match, and the length that is good enough. */
const TRIES = 128;
const ENOUGH = 64;

/** Bytes for writable memory. */
export const packBytes = (bytes: Uint8Array): Uint8Array => write([{ at: 0, bytes }], true);

/** Pieces in ascending order, whose places are counted from the same one. The same bytes for the same pieces. */
export const packPieces = (pieces: readonly Piece[]): Uint8Array => write(pieces, false);

/** `isReady`: the place where the first piece begins may be written. */
function write(pieces: readonly Piece[], isReady: boolean): Uint8Array {
  const past = new Past(pieces);
  const out: number[] = [];
  let at = 0;
  let literals: number[] = [];
  const pass = (distance: number) => {
    sequence(out, literals, 0, false);
    out.push(0, distance & 255, (distance >> 8) & 255, distance >> 16);
    literals = [];
  };
  let place = 0;
  for (const { at: next, bytes } of pieces) {
    for (; next - at > MOST_PASS; at += MOST_PASS) pass(MOST_PASS);
    if (!isReady) pass(next - at);
    at = next + bytes.length;
    const chosen = choose(past, place, place + bytes.length);
    for (let n = 0; n < bytes.length; ) {
      const match = chosen[n];
      if (match === undefined) {
        literals.push(bytes[n]!);
        n++;
        continue;
      }
      const { length, distance } = match;
      const isFar = distance > MOST_NEAR;
      sequence(out, literals, length - SHORTEST, isFar);
      out.push(distance & 255, ...(isFar ? [distance >> 8] : []));
      more(out, length - SHORTEST, MOST_LENGTH);
      literals = [];
      n += length;
    }
    place += bytes.length;
  }
  pass(0);
  return Uint8Array.from(out);
}

/** A token and the literals behind it. */
function sequence(out: number[], literals: readonly number[], length: number, isFar: boolean): void {
  const count = Math.min(literals.length, MOST_LITERALS);
  out.push((count << 5) | (isFar ? 16 : 0) | Math.min(length, MOST_LENGTH));
  more(out, literals.length, MOST_LITERALS);
  for (const byte of literals) out.push(byte);
}

/** What a token has no room for. */
function more(out: number[], value: number, most: number): void {
  if (value < most) return;
  let rest = value - most;
  for (; rest >= 255; rest -= 255) out.push(255);
  out.push(rest);
}

const sizeOfMore = (value: number, most: number): number =>
  value < most ? 0 : 1 + Math.floor((value - most) / 255);

interface Match {
  readonly length: number;
  readonly distance: number;
}

const costOf = (length: number, isFar: boolean): number =>
  (isFar ? 3 : 2) + sizeOfMore(length - SHORTEST, MOST_LENGTH);

/** For places `from` to `end`, counted from `from`: the match with which the fewest bytes follow, or none. */
function choose(past: Past, from: number, end: number): readonly (Match | undefined)[] {
  const count = end - from;
  const chosen: (Match | undefined)[] = Array.from({ length: count }, () => undefined);
  const found = chosen.map((_, n) => past.matches(from + n, end));
  const cost = new Float64Array(count + 1);
  /** Literals from here to the next match. */
  const run = new Int32Array(count + 1);
  for (let n = count - 1; n >= 0; n--) {
    run[n] = run[n + 1]! + 1;
    cost[n] = cost[n + 1]! + 1 + sizeOfMore(run[n]!, MOST_LITERALS) - sizeOfMore(run[n + 1]!, MOST_LITERALS);
    let shortest = SHORTEST;
    for (const { length: longest, distance } of found[n]!) {
      const isFar = distance > MOST_NEAR;
      // Of a long match its whole length will do.
      for (let length = longest > ENOUGH ? longest : shortest; length <= longest; length++) {
        const sum = cost[n + length]! + costOf(length, isFar);
        if (sum >= cost[n]!) continue;
        cost[n] = sum;
        run[n] = 0;
        chosen[n] = { length, distance };
      }
      shortest = longest + 1;
    }
  }
  return chosen;
}

/** All bytes, one piece behind the other, and where earlier ones like those at a place are. */
class Past {
  readonly #bytes: Uint8Array;
  readonly #address: Float64Array;
  /** Where the piece of a byte ends. */
  readonly #end: Uint32Array;
  /** The last place before this one with the same two bytes, and with the same four: what is far away pays off with these only. */
  readonly #pair: Int32Array;
  readonly #four: Int32Array;

  constructor(pieces: readonly Piece[]) {
    const size = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#bytes = new Uint8Array(size);
    this.#address = new Float64Array(size);
    this.#end = new Uint32Array(size);
    this.#pair = new Int32Array(size).fill(-1);
    this.#four = new Int32Array(size).fill(-1);
    const lastPair = new Int32Array(65_536).fill(-1);
    const lastFour = new Map<number, number>();
    let place = 0;
    for (const { at, bytes } of pieces) {
      this.#bytes.set(bytes, place);
      this.#end.fill(place + bytes.length, place, place + bytes.length);
      bytes.forEach((byte, n) => {
        this.#address[place + n] = at + n;
        if (n + 1 === bytes.length) return;
        const pair = byte | (bytes[n + 1]! << 8);
        this.#pair[place + n] = lastPair[pair]!;
        lastPair[pair] = place + n;
        if (n + 3 >= bytes.length) return;
        const four = pair | (bytes[n + 2]! << 16) | (bytes[n + 3]! << 24);
        this.#four[place + n] = lastFour.get(four) ?? -1;
        lastFour.set(four, place + n);
      });
      place += bytes.length;
    }
  }

  /** In ascending order of length, of equal ones the nearest. */
  matches(place: number, end: number): Match[] {
    const found: Match[] = [];
    for (const { before, most } of [
      { before: this.#pair, most: MOST_NEAR },
      { before: this.#four, most: MOST_FAR },
    ]) {
      let tries = place < MOST_SEARCHED ? TRIES : 1;
      for (let at = before[place]!; at >= 0 && tries > 0; at = before[at]!, tries--) {
        const longest = found.at(-1)?.length ?? SHORTEST - 1;
        const distance = this.#address[place]! - this.#address[at]!;
        if (distance > most || longest > ENOUGH) break;
        const length = this.#equal(at, place, end);
        if (length > longest) found.push({ length, distance });
      }
    }
    return found;
  }

  #equal(at: number, place: number, end: number): number {
    const most = this.#end[at] === end ? end - place : Math.min(end - place, this.#end[at]! - at);
    let length = 0;
    while (length < most && this.#bytes[at + length] === this.#bytes[place + length]) length++;
    return length;
  }
}
