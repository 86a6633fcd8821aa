/**
 * A window on memory that can only be looked through inside of its bounds. All access of protocol code to packets and tables goes
 * through it: an access outside traps. Big-endian unless the name says `le`. This file and drivers are the only places with `load` and `store`.
 */
import { LEFT, read } from "./constants";
import { leavesConstants } from "./machine";
import { leave } from "./prepare";

@final
export class Bytes {
  private start: usize;
  length: u32;
  /** Keeps the memory alive. */
  private owner: StaticArray<u8>;

  /** `length` bytes of `owner` from `offset` on. */
  constructor(owner: StaticArray<u8>, offset: u32, length: u32) {
    assert(u64(offset) + u64(length) <= u64(owner.length));
    this.owner = owner;
    this.start = changetype<usize>(owner) + offset;
    this.length = length;
  }

  /** Looks at a part of `other` from now on: nothing is allocated or copied. */
  @inline
  window(other: Bytes, offset: u32, length: u32): void {
    this.start = other.at(offset, length);
    this.length = length;
    this.owner = other.owner;
  }

  @inline
  private at(offset: u32, count: u32): usize {
    if (u64(offset) + u64(count) > u64(this.length)) unreachable();
    return this.start + offset;
  }

  /** Are there `count` bytes at `offset`? */
  @inline
  has(offset: u32, count: u32): bool {
    return u64(offset) + u64(count) <= u64(this.length);
  }

  /**
   * In `prepare`: the same bytes, which nobody will change, and of which only `copy` and `sum` will be wanted. Where the machine can leave them in
   * the image they take no RAM; whoever reads them in another way gets a trap.
   */
  left(): Bytes {
    if (!leavesConstants || this.length == 0) return this;
    const view = new Bytes(new StaticArray<u8>(0), 0, 0);
    view.start = leave(this.start, this.length);
    view.length = this.length;
    return view;
  }

  /** Address for drivers, which tell it to devices. */
  @inline
  pointer(offset: u32, count: u32): usize {
    return this.at(offset, count);
  }

  @inline
  u8(offset: u32): u32 {
    return load<u8>(this.at(offset, 1));
  }
  @inline
  be16(offset: u32): u32 {
    return bswap<u16>(load<u16>(this.at(offset, 2)));
  }
  @inline
  be32(offset: u32): u32 {
    return bswap<u32>(load<u32>(this.at(offset, 4)));
  }
  @inline
  be64(offset: u32): u64 {
    return bswap<u64>(load<u64>(this.at(offset, 8)));
  }
  /** Six bytes, as in hardware addresses. */
  @inline
  be48(offset: u32): u64 {
    const at = this.at(offset, 6);
    return ((<u64>bswap<u32>(load<u32>(at))) << 16) | <u64>bswap<u16>(load<u16>(at, 4));
  }
  @inline
  le16(offset: u32): u32 {
    return load<u16>(this.at(offset, 2));
  }
  @inline
  le32(offset: u32): u32 {
    return load<u32>(this.at(offset, 4));
  }
  @inline
  le64(offset: u32): u64 {
    return load<u64>(this.at(offset, 8));
  }

  @inline
  setU8(offset: u32, value: u32): void {
    store<u8>(this.at(offset, 1), value);
  }
  @inline
  setBe16(offset: u32, value: u32): void {
    store<u16>(this.at(offset, 2), bswap<u16>(<u16>value));
  }
  @inline
  setBe32(offset: u32, value: u32): void {
    store<u32>(this.at(offset, 4), bswap<u32>(value));
  }
  @inline
  setBe64(offset: u32, value: u64): void {
    store<u64>(this.at(offset, 8), bswap<u64>(value));
  }
  @inline
  setBe48(offset: u32, value: u64): void {
    const at = this.at(offset, 6);
    const swapped = bswap<u64>(value << 16);
    store<u32>(at, <u32>swapped);
    store<u16>(at, <u16>(swapped >> 32), 4);
  }
  @inline
  setLe16(offset: u32, value: u32): void {
    store<u16>(this.at(offset, 2), <u16>value);
  }
  @inline
  setLe32(offset: u32, value: u32): void {
    store<u32>(this.at(offset, 4), value);
  }
  @inline
  setLe64(offset: u32, value: u64): void {
    store<u64>(this.at(offset, 8), value);
  }

  /** Moves `count` bytes; the two places may overlap. */
  move(offset: u32, from: u32, count: u32): void {
    memory.copy(this.at(offset, count), this.at(from, count), count);
  }

  /** Copies `count` bytes of `from`; the two places must not overlap. */
  copy(offset: u32, from: Bytes, fromOffset: u32, count: u32): void {
    let to = this.at(offset, count);
    let source = from.at(fromOffset, count);
    if (leavesConstants && source >= LEFT) {
      read(to, source - LEFT, count);
      return;
    }
    if (count >= 8) {
      // The last 8 bytes are copied as such: some of them twice.
      const last = source + count - 8;
      const lastTo = to + count - 8;
      while (source + 24 < last) {
        store<u64>(to, load<u64>(source));
        store<u64>(to, load<u64>(source, 8), 8);
        store<u64>(to, load<u64>(source, 16), 16);
        store<u64>(to, load<u64>(source, 24), 24);
        source += 32;
        to += 32;
      }
      while (source < last) {
        store<u64>(to, load<u64>(source));
        source += 8;
        to += 8;
      }
      store<u64>(lastTo, load<u64>(last));
      return;
    }
    if (count & 4) {
      store<u32>(to, load<u32>(source));
      source += 4;
      to += 4;
    }
    if (count & 2) {
      store<u16>(to, load<u16>(source));
      source += 2;
      to += 2;
    }
    if (count & 1) store<u8>(to, load<u8>(source));
  }

  fill(offset: u32, count: u32, value: u32): void {
    memory.fill(this.at(offset, count), <u8>value, count);
  }

  /** Where the first byte of that value is, from `from` on and before `end`; `end` if there is none. */
  find(value: u32, from: u32, end: u32): u32 {
    if (from >= end) return end;
    let at = this.at(from, end - from);
    const stop = this.start + end;
    const wanted = <u64>value * ONES;
    while (at + 8 <= stop) {
      const found = zeros(load<u64>(at) ^ wanted);
      if (found != 0) return <u32>(at - this.start) + <u32>(ctz(found) >> 3);
      at += 8;
    }
    while (at < stop && <u32>load<u8>(at) != value) at += 1;
    return <u32>(at - this.start);
  }

  /** Where the first byte is that is a control character (below 32, or 127), from `from` on and before `end`; `end` if there is none. */
  findControl(from: u32, end: u32): u32 {
    if (from >= end) return end;
    let at = this.at(from, end - from);
    const stop = this.start + end;
    while (at + 8 <= stop) {
      const word = load<u64>(at);
      const found = ((word - 0x20 * ONES) & ~word & HIGH) | zeros(word ^ (0x7f * ONES));
      if (found != 0) return <u32>(at - this.start) + <u32>(ctz(found) >> 3);
      at += 8;
    }
    while (at < stop && load<u8>(at) >= 32 && load<u8>(at) != 127) at += 1;
    return <u32>(at - this.start);
  }

  /** How many bytes from `from` on, before `end`, are of that kind: of each of the 256 values `kinds` says which kinds it is of, a bit for each. */
  span(kinds: StaticArray<u8>, kind: u32, from: u32, end: u32): u32 {
    if (from >= end) return 0;
    assert(kinds.length == 256);
    const table = changetype<usize>(kinds);
    const begin = this.at(from, end - from);
    const stop = this.start + end;
    let at = begin;
    while (at < stop && (<u32>load<u8>(table + <usize>load<u8>(at)) & kind) != 0) at += 1;
    return <u32>(at - begin);
  }

  /** Do `count` bytes agree? Not for secrets: it stops at the first difference. */
  equals(offset: u32, other: Bytes, otherOffset: u32, count: u32): bool {
    let a = this.at(offset, count);
    let b = other.at(otherOffset, count);
    const end = a + count;
    while (a + 8 <= end) {
      if (load<u64>(a) != load<u64>(b)) return false;
      a += 8;
      b += 8;
    }
    while (a < end) {
      if (load<u8>(a) != load<u8>(b)) return false;
      a += 1;
      b += 1;
    }
    return true;
  }

  /**
   * One's complement sum of 16-bit words (RFC 1071) on top of `sum`, not folded; an odd last byte counts as if a zero followed.
   * Words are taken as they lie in memory, which RFC 1071 2 (B) allows: `folded` gives the result in that order.
   */
  sum(offset: u32, count: u32, sum: u64): u64 {
    let at = this.at(offset, count);
    if (leavesConstants && at >= LEFT) return sumLeft(at - LEFT, count, sum);
    const end = at + count;
    const words = at + (count & ~7);
    while (at < words) {
      const word = load<u64>(at);
      sum += (word & 0xffffffff) + (word >> 32);
      at += 8;
    }
    if (count & 4) {
      sum += <u64>load<u32>(at);
      at += 4;
    }
    if (count & 2) {
      sum += <u64>load<u16>(at);
      at += 2;
    }
    if (at < end) sum += <u64>load<u8>(at);
    return sum;
  }

  /** The same of 20 bytes, the length of nearly every IPv4 header. */
  @inline
  sum20(offset: u32): u64 {
    const at = this.at(offset, 20);
    const first = load<u64>(at);
    const second = load<u64>(at, 8);
    return (
      (first & 0xffffffff) + (first >> 32) + (second & 0xffffffff) + (second >> 32) + <u64>load<u32>(at, 16)
    );
  }
}

/** Bytes that are left in the image are summed up part by part in memory; each part but the last is of whole words. */
function sumLeft(from: usize, count: u32, sum: u64): u64 {
  const place = memory.data(<i32>PART, 8);
  for (let done: u32 = 0; done < count; done += PART) {
    const part = min(count - done, PART);
    read(place, from + done, part);
    let at: u32 = 0;
    for (; at + 4 <= part; at += 4) sum += <u64>load<u32>(place + at);
    if (part & 2) {
      sum += <u64>load<u16>(place + at);
      at += 2;
    }
    if (part & 1) sum += <u64>load<u8>(place + at);
  }
  return sum;
}

const PART: u32 = 256;

const ONES: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
const HIGH: u64 = 0x80 * ONES;

/** Of the bytes of `word` that are 0 the lowest has its highest bit set here, and none below it has. */
function zeros(word: u64): u64 {
  return (word - ONES) & ~word & HIGH;
}
