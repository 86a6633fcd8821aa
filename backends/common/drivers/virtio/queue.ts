/**
 * A split virtqueue (Virtual I/O Device 1.2, 2.7). A buffer is one descriptor, or the first of a chain. Interrupts and notifications are kept to the
 * least: with event indices where the device has them (2.7.7, 2.7.10), else with the flags.
 *
 * What the device writes, and what tells it of our writes, goes through `hw`: it is neither cached nor moved.
 */
import { fence, load16, load32, physical, store16 } from "../hw";
import { Transport } from "./transport";

/** Entries at most: then all three parts fit into one page. */
export const MOST: u32 = 128;
const AVAILABLE: u32 = 2048;
const USED: u32 = 2560;
const PAGE: u32 = 4096;

/** Descriptor flags: the device writes; another one follows, whose number stands above the flags. */
export const WRITE: u32 = 2;
export const NEXT: u32 = 1;
const NO_INTERRUPT: u32 = 1;
const NO_NOTIFY: u32 = 1;

@final
export class Queue {
  transport: Transport | null = null;
  index: u32 = 0;
  size: u32 = 0;
  private mask: u32 = 0;
  private events: bool = false;
  private notifyAt: u64 = 0;
  private page: usize;
  /** Physical address of the parts. */
  private available: u64 = 0;
  private used: u64 = 0;
  /** How many entries were taken from the used ring, given to the available ring, and made known there: modulo 2^16. */
  private taken: u32 = 0;
  private given: u32 = 0;
  private known: u32 = 0;
  private owner: StaticArray<u8>;

  /** In `prepare`. */
  constructor() {
    this.owner = new StaticArray<u8>(<i32>(2 * PAGE));
    this.page = (changetype<usize>(this.owner) + PAGE - 1) & ~(PAGE - 1);
  }

  /** Sets up queue `index`, with up to `most` entries, a power of two. The device is reset and has agreed on its features. */
  open(transport: Transport, index: u32, most: u32, events: bool, interrupts: bool): bool {
    this.transport = transport;
    this.index = index;
    this.events = events;
    this.taken = 0;
    this.given = 0;
    this.known = 0;
    memory.fill(this.page, 0, PAGE);
    const offered = transport.select(index);
    if (offered == 0) return false;
    this.size = min(offered, most);
    this.mask = this.size - 1;
    const at = physical(this.page);
    this.available = at + AVAILABLE;
    this.used = at + USED;
    this.notifyAt = transport.enable(this.size, at, this.available, this.used, interrupts);
    this.quiet();
    return true;
  }

  /** The buffer of entry `slot`. */
  describe(slot: u32, address: u64, length: u32, flags: u32): void {
    const at = this.page + 16 * slot;
    store<u64>(at, address);
    store<u32>(at, length, 8);
    store<u32>(at, flags, 12);
  }

  @inline
  setLength(slot: u32, length: u32): void {
    store<u32>(this.page + 16 * slot, length, 8);
  }

  /** Entry `slot` is followed by entry `next`. */
  @inline
  chain(slot: u32, next: u32): void {
    store<u32>(this.page + 16 * slot, NEXT | (next << 16), 12);
  }

  /** No entry follows `slot`, which the device reads. */
  @inline
  unchain(slot: u32): void {
    store<u32>(this.page + 16 * slot, 0, 12);
  }

  /** The device may have entry `slot`, as soon as it is told. */
  @inline
  give(slot: u32): void {
    store<u16>(this.page + AVAILABLE + 2 * (this.given & this.mask), <u16>slot, 4);
    this.given += 1;
  }

  /** Makes known what was given; the device is notified if it wants to be. */
  publish(): void {
    const before = this.known;
    const now = this.given;
    if (now == before) return;
    this.known = now;
    store16(this.available + 2, now & 0xffff);
    fence();
    if (this.isWanted(before, now)) this.transport!.notify(this.notifyAt, this.index);
  }

  private isWanted(before: u32, now: u32): bool {
    if (!this.events) return (load16(this.used) & NO_NOTIFY) == 0;
    const event = load16(this.used + 4 + 8 * <u64>this.size);
    return ((now - event - 1) & 0xffff) < ((now - before) & 0xffff);
  }

  /** Has the device used an entry that was not taken yet? */
  @inline
  hasUsed(): bool {
    return load16(this.used + 2) != (this.taken & 0xffff);
  }

  /** Which entry that is, and how much the device wrote. */
  @inline
  usedSlot(): u32 {
    return load32(this.used + 4 + 8 * <u64>(this.taken & this.mask)) & this.mask;
  }
  @inline
  usedLength(): u32 {
    return load32(this.used + 8 + 8 * <u64>(this.taken & this.mask));
  }
  @inline
  take(): void {
    this.taken += 1;
  }

  /** No interrupts, as far as the device can be told. With event indices: not for the next 2^15 entries. */
  quiet(): void {
    if (this.events) store16(this.available + 4 + 2 * <u64>this.size, (this.taken + 0x8000) & 0xffff);
    else store16(this.available, NO_INTERRUPT);
  }

  /** Before sleep: an interrupt for the next used entry. False when there is one already. */
  rest(): bool {
    if (this.events) store16(this.available + 4 + 2 * <u64>this.size, this.taken & 0xffff);
    else store16(this.available, 0);
    fence();
    return !this.hasUsed();
  }
}
