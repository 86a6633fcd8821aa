/**
 * How far the two sides of a ring are (Xen, include/public/io/ring.h): we write requests, the other side puts an answer into the place of each. How far it is
 * is read once and believed only within the ring.
 */
import { fence, load32, store32 } from "./hw";

namespace Index {
  export const requestProducer: u64 = 0;
  export const requestEvent: u64 = 4;
  export const answerProducer: u64 = 8;
  export const answerEvent: u64 = 12;
}

/** In a ring's page behind them, the entries begin. */
export const HEADER: u32 = 64;

export class Indexes {
  /** Physical address of the ring's first page, where they are. */
  address: u64 = 0;
  protected produced: u32 = 0;
  protected published: u32 = 0;
  protected consumed: u32 = 0;
  /** How far the other side is, as it last said. */
  protected answered: u32 = 0;

  /** The other side says what cannot be. */
  protected refuse(): void {}

  /** The ring at this address is empty, and zero. */
  protected begin(address: u64): void {
    this.address = address;
    this.produced = 0;
    this.published = 0;
    this.consumed = 0;
    this.answered = 0;
    store32(address + Index.requestEvent, 1);
    store32(address + Index.answerEvent, 1);
  }

  @inline
  advance(): void {
    this.produced += 1;
  }

  /** How many answers there are. Never more than requests: who says so says nothing. */
  hasAnswer(): bool {
    if (this.consumed != this.answered) return true;
    const said = load32(this.address + Index.answerProducer);
    if (said == this.answered) return false;
    if (said - this.consumed > this.published - this.consumed) {
      this.refuse();
      return false;
    }
    fence();
    this.answered = said;
    return true;
  }

  /** The other side sees the requests. True when it wants to be told. */
  publish(): bool {
    const old = this.published;
    const now = this.produced;
    if (old == now) return false;
    fence();
    store32(this.address + Index.requestProducer, now);
    this.published = now;
    fence();
    return now - load32(this.address + Index.requestEvent) < now - old;
  }

  /** An event when there are `count` more answers. False when there is one already. */
  rest(count: u32): bool {
    store32(this.address + Index.answerEvent, this.consumed + count);
    fence();
    return !this.hasAnswer();
  }
}
