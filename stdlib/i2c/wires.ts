/**
 * The two wires of a bus, driven level by level: UM10204 3.1. Nobody else is master here, so a transfer is done in one go, in which the program does nothing
 * else: 9 bits at the clock for each byte, and as long as chips stretch it.
 */
import { Bytes } from "../core/bytes";
import * as pins from "./needs/pins";
import { Outcome } from "./outcome";

const SECOND: u64 = 1_000_000_000;
/** How often a clock that is held down is looked at. */
const LOOK: u64 = 1000;
/** UM10204 3.1.16: a chip that was stopped in the middle of a byte lets go of the data line within so many clocks. */
const CLOCKS = 9;

@final
export class Wires {
  /** How long the clock is low and high. */
  private readonly low: u64;
  private readonly high: u64;
  private outcome: u32 = Outcome.done;

  constructor(
    private readonly sda: u32,
    private readonly scl: u32,
    /** Hertz, and whether the chip's own resistors pull up. */
    hertz: u64,
    private readonly isPulled: bool,
    /** How long a chip may hold the clock down, in nanoseconds. */
    private readonly stretch: u64,
  ) {
    const period = SECOND / hertz;
    this.high = (period * 2) / 5;
    this.low = period - this.high;
  }

  start(): void {
    pins.output(this.sda, true, true);
    pins.output(this.scl, true, true);
    if (!this.isPulled) return;
    pins.pull(this.sda, 1);
    pins.pull(this.scl, 1);
  }

  write(address: u32, bytes: Bytes, count: u32): u32 {
    if (!this.call(address << 1)) return this.end();
    for (let n: u32 = 0; n < count; n++) if (!this.put(bytes.u8(n))) break;
    return this.end();
  }

  read(address: u32, bytes: Bytes, count: u32): u32 {
    if (!this.call((address << 1) | 1)) return this.end();
    for (let n: u32 = 0; n < count && this.outcome == Outcome.done; n++)
      bytes.setU8(n, this.take(n + 1 < count));
    return this.end();
  }

  /** A start condition and an address. */
  private call(word: u32): bool {
    this.outcome = Outcome.done;
    pins.drive(this.sda, true);
    if (!this.release()) return false;
    if (!pins.level(this.sda) && !this.recover()) {
      this.outcome = Outcome.stuck;
      return false;
    }
    pins.pause(this.low);
    pins.drive(this.sda, false);
    pins.pause(this.high);
    pins.drive(this.scl, false);
    return this.put(word);
  }

  /** A stop condition, whatever has happened. */
  private end(): u32 {
    if (this.outcome == Outcome.stuck || this.outcome == Outcome.lost) {
      pins.drive(this.sda, true);
      pins.drive(this.scl, true);
      return this.outcome;
    }
    pins.drive(this.sda, false);
    pins.pause(this.low);
    this.release();
    pins.pause(this.high);
    pins.drive(this.sda, true);
    pins.pause(this.low);
    return this.outcome;
  }

  /** The clock goes up, as soon as nobody holds it. */
  private release(): bool {
    pins.drive(this.scl, true);
    for (let waited: u64 = 0; !pins.level(this.scl); waited += LOOK) {
      if (waited >= this.stretch) {
        this.outcome = Outcome.stretched;
        return false;
      }
      pins.pause(LOOK);
    }
    return true;
  }

  /** Clocks until the data line is free, and a stop condition. */
  private recover(): bool {
    for (let n = 0; n < CLOCKS && !pins.level(this.sda); n++) {
      pins.drive(this.scl, false);
      pins.pause(this.low);
      if (!this.release()) return false;
      pins.pause(this.high);
    }
    if (!pins.level(this.sda)) return false;
    pins.drive(this.scl, false);
    pins.drive(this.sda, false);
    pins.pause(this.low);
    if (!this.release()) return false;
    pins.pause(this.high);
    pins.drive(this.sda, true);
    return true;
  }

  /** The bit that is on the wire while the clock is up. */
  private bit(value: bool): bool {
    pins.drive(this.sda, value);
    pins.pause(this.low);
    if (!this.release()) return false;
    pins.pause(this.high);
    const found = pins.level(this.sda);
    pins.drive(this.scl, false);
    return found;
  }

  /** False: it was not acknowledged, or could not be sent. */
  private put(byte: u32): bool {
    for (let n = 7; n >= 0; n--) {
      const wanted = ((byte >> n) & 1) != 0;
      const found = this.bit(wanted);
      if (this.outcome != Outcome.done) return false;
      if (wanted && !found) {
        this.outcome = Outcome.lost;
        return false;
      }
    }
    if (this.bit(true) && this.outcome == Outcome.done) this.outcome = Outcome.refused;
    return this.outcome == Outcome.done;
  }

  private take(isAcknowledged: bool): u32 {
    let byte: u32 = 0;
    for (let n = 0; n < 8; n++) byte = (byte << 1) | (this.bit(true) ? 1 : 0);
    this.bit(!isAcknowledged);
    return byte;
  }
}

/** In the order of the description. */
export const buses: Array<Wires> = [];
