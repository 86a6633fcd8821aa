/** Sensirion's SHT40, SHT41 and SHT45 as a script: data sheet version 6, sections 4.3 to 4.9. */
import { MICROSECOND, type Time } from "../time.ts";
import type { Board } from "./board.ts";
import type { I2cChip } from "./i2c.ts";

/** Command → how long it takes at most: section 3.2. */
const times: ReadonlyMap<number, Time> = new Map([
  [0xfd, 8300 * MICROSECOND],
  [0xf6, 4500 * MICROSECOND],
  [0xe0, 1600 * MICROSECOND],
]);
const SOFT_RESET = 0x94;
const SERIAL = 0x89;

export class Sht4x implements I2cChip {
  readonly address: number;
  /** Degrees Celsius, percent. */
  temperature = 20;
  humidity = 50;
  /** The check sums are wrong. */
  isGarbled = false;
  stretch = 0;
  /** Commands that have come. */
  readonly commands: number[] = [];
  readonly #board: Board;
  #readyAt: Time | undefined;
  #answer: number[] = [];

  constructor(board: Board, address: number) {
    this.#board = board;
    this.address = address;
  }

  /** Section 4.2: while it measures, and when there is nothing to read, it does not acknowledge. */
  begin(isRead: boolean): boolean {
    if (!isRead) return true;
    return this.#readyAt !== undefined && this.#board.now >= this.#readyAt;
  }

  write(byte: number): boolean {
    this.commands.push(byte);
    this.#answer = [];
    this.#readyAt = undefined;
    if (byte === SOFT_RESET) return true;
    if (byte === SERIAL) this.#say([0x12, 0x34], [0x56, 0x78], 0);
    else if (times.has(byte)) this.#measure(times.get(byte)!);
    else return false;
    return true;
  }

  read(): number {
    const byte = this.#answer.shift();
    if (this.#answer.length === 0) this.#readyAt = undefined;
    return byte ?? 0xff;
  }

  /** Section 4.6: St = (T + 45) / 175 of 2^16 - 1, Srh = (RH + 6) / 125. */
  #measure(time: Time): void {
    const word = (share: number): number[] => {
      const value = Math.round(Math.min(Math.max(share, 0), 1) * 65_535);
      return [value >> 8, value & 255];
    };
    this.#say(word((this.temperature + 45) / 175), word((this.humidity + 6) / 125), time);
  }

  #say(first: readonly number[], second: readonly number[], time: Time): void {
    const sum = (bytes: readonly number[]) => crc8(bytes) ^ (this.isGarbled ? 0x10 : 0);
    this.#answer = [...first, sum(first), ...second, sum(second)];
    this.#readyAt = this.#board.now + time;
  }
}

/** Section 4.4: polynomial 0x31, begun with 0xFF. */
export function crc8(bytes: readonly number[]): number {
  let sum = 0xff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let n = 0; n < 8; n++) sum = ((sum << 1) ^ (sum & 0x80 ? 0x31 : 0)) & 0xff;
  }
  return sum;
}
