/** Chips on two wires, followed level by level: UM10204 3.1. */
import type { Attached, Board } from "./board.ts";

/** What a chip says and hears behind its address. */
export interface I2cChip {
  readonly address: number;
  /** It is called, to be written to or to be read; false: no acknowledgement. */
  begin(isRead: boolean): boolean;
  /** False: no acknowledgement. */
  write(byte: number): boolean;
  read(): number;
  /** How long it holds the clock down after each byte, in nanoseconds of the lines; 0 if not at all. */
  readonly stretch?: number;
}

export interface I2cWires {
  readonly sda: number;
  readonly scl: number;
}

type State = "idle" | "address" | "writing" | "reading" | "ignored";

/** One chip with its view of the bus. */
export class I2cTarget implements Attached {
  readonly #board: Board;
  readonly #wires: I2cWires;
  readonly #chip: I2cChip;
  #state: State = "idle";
  #scl = true;
  #sda = true;
  /** Bits of this byte that have passed; the ninth is the acknowledgement. */
  #bits = 0;
  #byte = 0;
  #holdsData = false;
  #holdsClockUntil: number | undefined;
  /** It is not there, or does not answer to its address. */
  isMissing = false;
  /** It holds the data line down, as one that was stopped in the middle of a byte: until it has seen so many clocks. */
  stuckFor = 0;

  constructor(board: Board, wires: I2cWires, chip: I2cChip) {
    this.#board = board;
    this.#wires = wires;
    this.#chip = chip;
    board.attach(wires.sda, this);
    board.attach(wires.scl, this);
  }

  /** It holds the data line until it has seen so many clocks. */
  stick(clocks: number): void {
    this.stuckFor = clocks;
    this.#data(clocks === 0);
  }

  /** Time has passed on the lines: a clock that is stretched may end. */
  passed(): void {
    if (this.#holdsClockUntil === undefined || this.#board.now < this.#holdsClockUntil) return;
    this.#holdsClockUntil = undefined;
    this.#board.hold(this.#wires.scl, -1);
  }

  changed(): void {
    const { sda: dataPin, scl: clockPin } = this.#wires;
    const sda = this.#board.level(dataPin) === "high";
    const scl = this.#board.level(clockPin) === "high";
    const [wasScl, wasSda] = [this.#scl, this.#sda];
    this.#scl = scl;
    this.#sda = sda;
    if (wasScl && scl && wasSda !== sda) return sda ? this.#stop() : this.#start();
    if (!wasScl && scl) this.#rise(sda);
    else if (wasScl && !scl) this.#fall();
  }

  #start(): void {
    this.#state = "address";
    this.#bits = 0;
    this.#byte = 0;
    this.#data(true);
  }

  #stop(): void {
    this.#state = "idle";
    this.#data(true);
  }

  #rise(sda: boolean): void {
    if (this.stuckFor > 0 && --this.stuckFor === 0) this.#data(true);
    if (this.#state === "idle" || this.#state === "ignored") return;
    if (this.#bits < 8) {
      if (this.#state !== "reading") this.#byte = (this.#byte << 1) | Number(sda);
    } else if (this.#state === "reading" && sda) this.#state = "ignored";
    this.#bits += 1;
  }

  #fall(): void {
    if (this.#state === "idle" || this.#state === "ignored") {
      if (this.stuckFor === 0) this.#data(true);
      return;
    }
    if (this.#bits === 8) {
      this.#data(this.#state === "reading" ? true : !this.#acknowledges());
      this.#holdClock();
    } else if (this.#bits === 9) this.#next();
    else if (this.#state === "reading") this.#data(((this.#byte >> (7 - this.#bits)) & 1) === 1);
  }

  #acknowledges(): boolean {
    if (this.#state === "writing") return this.#chip.write(this.#byte);
    const isCalled = !this.isMissing && this.#byte >> 1 === this.#chip.address;
    if (isCalled && this.#chip.begin((this.#byte & 1) === 1)) return true;
    this.#state = "ignored";
    return false;
  }

  /** Behind an acknowledgement. */
  #next(): void {
    if (this.#state === "address") this.#state = (this.#byte & 1) === 1 ? "reading" : "writing";
    this.#bits = 0;
    this.#byte = this.#state === "reading" ? this.#chip.read() : 0;
    this.#data(this.#state === "reading" ? this.#byte >> 7 === 1 : true);
  }

  #data(isReleased: boolean): void {
    const holds = !isReleased || this.stuckFor > 0;
    if (holds === this.#holdsData) return;
    this.#holdsData = holds;
    this.#board.hold(this.#wires.sda, holds ? 1 : -1);
  }

  #holdClock(): void {
    const { stretch = 0 } = this.#chip;
    if (stretch === 0 || this.isMissing) return;
    this.#holdsClockUntil = this.#board.now + stretch;
    this.#board.hold(this.#wires.scl, 1);
  }
}
