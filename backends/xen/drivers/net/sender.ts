/**
 * What a network device of Xen's sends (include/public/io/netif.h). A frame begins in a buffer of ours. Of a tail behind it, whole pages are granted where
 * they lie, for as long as the frame is on its way; what does not fill a page is copied into buffers, so the other side sees nothing that lies beside it.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet } from "../../../../stdlib/core/packet";
import { Counter, count } from "../../../../stdlib/net/counters";
import { aligned, PAGE } from "../../../common/drivers/pages";
import * as grants from "../grants";
import { physical, readable, store32 } from "../hw";
import { Ring } from "./ring";

/** Buffers. */
export const TRANSMIT: u32 = 64;
/** Pages of tails that may be on their way; with the buffers, and a piece of extra information for each, not more than the ring has. */
const PIECES: u32 = 128;
const ENTRY: u64 = 12;
/** Requests for one frame (XEN_NETIF_NR_SLOTS_MIN), and its bytes. */
const MOST_SLOTS: u32 = 18;
const LONGEST: u32 = 65535;
/** A tail of so many bytes needs at most as many slots, wherever it begins: 12 pages, and two buffers for each end. */
export const MOST_CUT: u32 = 13 * PAGE;
/** Before another segment is begun there is enough for it. */
const FEW_PIECES: u32 = 13;
const FEW_BUFFERS: u32 = 6;

namespace Flag {
  export const blankChecksum: u32 = 1;
  export const validated: u32 = 2;
  export const more: u32 = 4;
  export const extra: u32 = 8;
}
/** Of an extra piece of information; then what is cut: segments of TCP over IPv4 or IPv6. */
const EXTRA_CUT: u32 = 1;
const CUT4: u32 = 1;
const CUT6: u32 = 2;
const ETHERTYPE: u32 = HEADROOM + 12;
const IPV6: u32 = 0x86dd;
/** How it went: the answer to an extra piece of information, whose id is none. */
const NOTHING: u32 = 1;

@final
export class Sender {
  readonly ring: Ring = new Ring(ENTRY);
  private buffers: Bytes;
  private domain: u32 = 0;
  private gathers: bool = false;
  /** Grants of each pair of buffers, and of pages. */
  private bufferGrants: StaticArray<u32> = new StaticArray<u32>(<i32>(TRANSMIT / 2));
  private pieceGrants: StaticArray<u32> = new StaticArray<u32>(<i32>PIECES);
  /** Free ones, and whether each is on its way: buffers, and behind them pieces. */
  private slots: StaticArray<u8> = new StaticArray<u8>(<i32>TRANSMIT);
  free: u32 = 0;
  private pieces: StaticArray<u8> = new StaticArray<u8>(<i32>PIECES);
  private freePieces: u32 = 0;
  private away: StaticArray<bool> = new StaticArray<bool>(<i32>(TRANSMIT + PIECES));
  /** Requests of the frame that is being written that are still to come. */
  private left: u32 = 0;

  constructor() {
    this.buffers = aligned(TRANSMIT * BUFFER);
  }

  /** Once after the start. False: there are not enough grants. */
  takeGrants(): bool {
    for (let n = 0; n < this.bufferGrants.length; n++) this.bufferGrants[n] = grants.take();
    for (let n = 0; n < this.pieceGrants.length; n++) this.pieceGrants[n] = grants.take();
    return this.ring.takeGrants();
  }

  /** Everything is free, and buffers are for this domain, but those that a former one still uses. The ring's grant; `grants.NONE`: it cannot be. */
  open(domain: u32, gathers: bool): u32 {
    this.domain = domain;
    this.gathers = gathers;
    const grant = this.ring.open(domain);
    if (grant == grants.NONE) return grant;
    this.free = 0;
    for (let n: u32 = 0; n < TRANSMIT; n++) this.away[<i32>n] = false;
    for (let n: u32 = 0; n < TRANSMIT / 2; n++) {
      const pair = this.bufferGrants[<i32>n];
      if (!grants.end(pair)) continue;
      grants.allow(pair, domain, physical(this.buffers.pointer(n * PAGE, 1)), true);
      this.giveBack(2 * n);
      this.giveBack(2 * n + 1);
    }
    this.freePieces = 0;
    for (let n: u32 = 0; n < PIECES; n++) this.endPiece(n);
    return grant;
  }

  /** What nobody uses any more is nobody's. */
  close(): void {
    for (let n = 0; n < this.bufferGrants.length; n++) grants.end(this.bufferGrants[n]);
    for (let n = 0; n < this.pieceGrants.length; n++) grants.end(this.pieceGrants[n]);
    this.ring.close();
  }

  /** A page that is still used stays out, with its grant, until the next connection. */
  private endPiece(piece: u32): void {
    const isUsed = !grants.end(this.pieceGrants[<i32>piece]);
    this.away[<i32>(TRANSMIT + piece)] = isUsed;
    if (isUsed) return;
    this.pieces[<i32>this.freePieces] = <u8>piece;
    this.freePieces += 1;
  }

  /** Is there too little for another frame? */
  get isShort(): bool {
    if (!this.gathers) return this.free == 0;
    return this.free < FEW_BUFFERS || this.freePieces < FEW_PIECES;
  }

  /** A free buffer for the packet; its number. */
  give(packet: Packet): u32 {
    const slot = this.takeBuffer();
    packet.bytes.window(this.buffers, slot * BUFFER, BUFFER);
    return slot;
  }

  private takeBuffer(): u32 {
    this.free -= 1;
    return <u32>this.slots[<i32>this.free];
  }

  giveBack(slot: u32): void {
    this.slots[<i32>this.free] = <u8>slot;
    this.free += 1;
  }

  /** Takes back what was sent: an answer is the id, and how it went. */
  reclaim(): void {
    while (this.ring.hasAnswer()) {
      const answer = this.ring.answer();
      const slot = <u32>answer & 0xffff;
      if (((<u32>answer >> 16) & 0xffff) == NOTHING) continue;
      if (slot >= TRANSMIT + PIECES || !this.away[<i32>slot]) {
        count(Counter.linkNonsense);
        continue;
      }
      if (slot >= TRANSMIT) this.endPiece(slot - TRANSMIT);
      else {
        this.away[<i32>slot] = false;
        this.giveBack(slot);
      }
    }
  }

  /** Requests for the frame in buffer `slot`. False: there is not enough for it, and none was made. */
  send(packet: Packet, slot: u32): bool {
    const tail = packet.tailLength;
    const head = packet.length - tail;
    const room = BUFFER - HEADROOM - head;
    // What is before the first whole page, the whole pages, what is behind them.
    let before = tail;
    let pages: u32 = 0;
    let behind: u32 = 0;
    if (tail > room) {
      const edge = <u32>((<usize>PAGE - (packet.tail.pointer(0, 1) & <usize>(PAGE - 1))) & <usize>(PAGE - 1));
      if (edge + PAGE <= tail) {
        before = edge;
        pages = (tail - edge) / PAGE;
        behind = tail - edge - pages * PAGE;
      }
    }
    const first = min(before, room);
    const buffers = buffersFor(before - first) + buffersFor(behind);
    this.left = 1 + buffers + pages;
    if (packet.length > LONGEST || this.left > MOST_SLOTS || this.ring.room <= this.left) return false;
    if (this.free < buffers || this.freePieces < pages) return false;
    if (first > 0) packet.bytes.copy(HEADROOM + head, packet.tail, 0, first);
    let flags = packet.checksumStart != 0 ? Flag.blankChecksum | Flag.validated : 0;
    if (packet.segmentSize != 0) flags |= Flag.extra;
    this.ask(slot, this.bufferGrants[<i32>(slot / 2)], (slot & 1) * BUFFER + HEADROOM, packet.length, flags);
    if (packet.segmentSize != 0) this.cut(packet);
    this.copy(packet.tail, first, before - first);
    for (let n: u32 = 0; n < pages; n++) this.askPage(packet.tail, before + n * PAGE);
    this.copy(packet.tail, before + pages * PAGE, behind);
    return true;
  }

  private cut(packet: Packet): void {
    const at = this.ring.next;
    const kind = packet.bytes.be16(ETHERTYPE) == IPV6 ? CUT6 : CUT4;
    store32(at, EXTRA_CUT | (packet.segmentSize << 16));
    store32(at + 4, kind);
    store32(at + 8, 0);
    this.ring.advance();
  }

  /** `length` bytes of a tail in further buffers. */
  private copy(tail: Bytes, from: u32, length: u32): void {
    let at = from;
    const end = from + length;
    while (at < end) {
      const size = min(end - at, BUFFER);
      const slot = this.takeBuffer();
      this.buffers.copy(slot * BUFFER, tail, at, size);
      this.ask(slot, this.bufferGrants[<i32>(slot / 2)], (slot & 1) * BUFFER, size, 0);
      at += size;
    }
  }

  private askPage(tail: Bytes, at: u32): void {
    this.freePieces -= 1;
    const piece = <u32>this.pieces[<i32>this.freePieces];
    const grant = this.pieceGrants[<i32>piece];
    grants.allow(grant, this.domain, readable(tail.pointer(at, PAGE)), true);
    this.ask(TRANSMIT + piece, grant, 0, PAGE, 0);
  }

  private ask(slot: u32, grant: u32, offset: u32, size: u32, flags: u32): void {
    this.left -= 1;
    const at = this.ring.next;
    store32(at, grant);
    store32(at + 4, offset | ((this.left > 0 ? flags | Flag.more : flags) << 16));
    store32(at + 8, slot | (size << 16));
    this.ring.advance();
    this.away[<i32>slot] = true;
  }

  /** Before sleep. False when there are buffers again that somebody may wait for. */
  rest(): bool {
    if (!this.isShort || this.ring.rest(TRANSMIT / 2)) return true;
    this.reclaim();
    return false;
  }
}

function buffersFor(bytes: u32): u32 {
  return (bytes + BUFFER - 1) / BUFFER;
}
