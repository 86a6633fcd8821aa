/**
 * One ring of a network device (Xen, include/public/io/ring.h, io/netif.h): we write requests, the other side puts an answer into the place of each. How
 * far it is is read once and believed only within the ring; an answer is copied before it is looked at.
 */
import { fence, load32, load64, physical, store32, store64 } from "../hw";

/** Of both rings: 2^n that fit into a page behind the header. */
export const SIZE: u32 = 256;
const HEADER: u64 = 64;
const PAGE: usize = 4096;

namespace Index {
  export const requestProducer: u64 = 0;
  export const requestEvent: u64 = 4;
  export const answerProducer: u64 = 8;
  export const answerEvent: u64 = 12;
}

@final
export class Ring {
  /** Physical address. */
  address: u64 = 0;
  private produced: u32 = 0;
  private published: u32 = 0;
  private consumed: u32 = 0;
  /** How far the other side is, as it last said. */
  private answered: u32 = 0;
  private memory: StaticArray<u8> = new StaticArray<u8>(<i32>(2 * PAGE));

  /** `stride`: bytes of an entry. */
  constructor(private stride: u64) {}

  /** Empty, for a new other side. */
  open(): void {
    this.address = physical((changetype<usize>(this.memory) + PAGE - 1) & ~(PAGE - 1));
    for (let at: u64 = 0; at < <u64>PAGE; at += 8) store64(this.address + at, 0);
    this.produced = 0;
    this.published = 0;
    this.consumed = 0;
    this.answered = 0;
    store32(this.address + Index.requestEvent, 1);
    store32(this.address + Index.answerEvent, 1);
  }

  /** Places for further requests: each has its answer's place, too. */
  get room(): u32 {
    return SIZE - (this.produced - this.consumed);
  }

  /** Address of the next request; its number among all. */
  @inline
  get next(): u64 {
    return this.entry(this.produced);
  }

  @inline
  advance(): void {
    this.produced += 1;
  }

  /** Number of the request or answer that is next, within the ring. */
  @inline
  get requestSlot(): u32 {
    return this.produced & (SIZE - 1);
  }

  @inline
  get answerSlot(): u32 {
    return this.consumed & (SIZE - 1);
  }

  /** How many answers there are. Never more than requests: who says so says nothing. */
  hasAnswer(): bool {
    if (this.consumed != this.answered) return true;
    const said = load32(this.address + Index.answerProducer);
    if (said == this.answered) return false;
    if (said - this.consumed > this.published - this.consumed) return false;
    fence();
    this.answered = said;
    return true;
  }

  /** The first 8 bytes of the next answer. */
  @inline
  answer(): u64 {
    const answer = load64(this.entry(this.consumed));
    this.consumed += 1;
    return answer;
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

  @inline
  private entry(number: u32): u64 {
    return this.address + HEADER + <u64>(number & (SIZE - 1)) * this.stride;
  }
}
