/**
 * What a network device of Xen's receives (include/public/io/netif.h): the other side copies frames into pages that it was granted, a frame into one or several
 * of them. What came is copied out before anybody looks at it: the other side may go on writing to its pages.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Counter, count } from "../../../../stdlib/net/counters";
import { aligned, PAGE } from "../../../common/drivers/pages";
import * as grants from "../grants";
import { physical, store64 } from "../hw";
import { Ring } from "./ring";

/** Pages: frames that may wait until they are looked at. */
const RECEIVE: u32 = 64;
/** Frames that others hold. */
const HELD = 8;
const ENTRY: u64 = 8;
/** No copy. */
const NONE: u32 = u32.MAX_VALUE;

/** Flags of what has come. */
namespace Came {
  export const validated: u32 = 1;
  export const blankChecksum: u32 = 2;
  export const more: u32 = 4;
  export const extra: u32 = 8;
}
/** Of an extra piece of information: another one follows. */
const EXTRA_MORE: u32 = 1;

@final
export class Receiver {
  readonly ring: Ring = new Ring(ENTRY);
  /** Pages to receive into; buffers that hold what came. */
  private pages: Bytes;
  private copies: Bytes;
  private packets: PacketList = new PacketList();
  private pageGrants: StaticArray<u32> = new StaticArray<u32>(<i32>RECEIVE);
  /** Which page the request at each place of the ring named. */
  private asked: StaticArray<u8> = new StaticArray<u8>(256);
  /** Copies that nobody holds. */
  private spare: StaticArray<u8> = new StaticArray<u8>(HELD);
  private spares: i32 = 0;
  /** The copy that the next frame, or the one that is still coming, gets. */
  private copy: u32 = NONE;
  /** Of the frame that is still coming: its bytes until now; whether it is refused; whether its checksum is good. */
  private length: u32 = 0;
  private refused: bool = false;
  private verified: bool = false;
  /** More of it follows. */
  private continues: bool = false;
  /** What follows is no frame. */
  private skipsExtra: bool = false;

  constructor() {
    this.pages = aligned(RECEIVE * PAGE);
    this.copies = aligned(HELD * BUFFER);
    for (let n = 0; n < HELD; n++) this.packets.give(new Packet(new Bytes(new StaticArray<u8>(0), 0, 0)));
  }

  /** Once after the start. False: there are not enough grants. */
  takeGrants(): bool {
    for (let n = 0; n < HELD; n++) this.spare[n] = <u8>n;
    this.spares = HELD;
    this.copy = NONE;
    for (let n = 0; n < this.pageGrants.length; n++) this.pageGrants[n] = grants.take();
    return this.ring.takeGrants();
  }

  /** Nothing has come, and all pages are for this domain, but those that a former one still uses. The ring's grant; `grants.NONE`: it cannot be. */
  open(domain: u32): u32 {
    const grant = this.ring.open(domain);
    this.continues = false;
    this.skipsExtra = false;
    if (grant == grants.NONE) return grant;
    for (let n: u32 = 0; n < RECEIVE; n++) {
      if (!grants.end(this.pageGrants[<i32>n])) continue;
      grants.allow(this.pageGrants[<i32>n], domain, physical(this.pages.pointer(n * PAGE, 1)), false);
      this.ask(n);
    }
    this.ring.publish();
    return grant;
  }

  /** What nobody uses any more is nobody's. */
  close(): void {
    for (let n: u32 = 0; n < RECEIVE; n++) grants.end(this.pageGrants[<i32>n]);
    this.ring.close();
  }

  /** A page for the other side to write to. */
  private ask(page: u32): void {
    const ring = this.ring;
    this.asked[<i32>ring.requestSlot] = <u8>page;
    store64(ring.next, <u64>page | ((<u64>this.pageGrants[<i32>page]) << 32));
    ring.advance();
  }

  /** The next frame. */
  next(): Packet | null {
    const ring = this.ring;
    while (this.hasCopy() && ring.hasAnswer()) {
      const page = <u32>this.asked[<i32>ring.answerSlot];
      const isWhole = this.take(page, ring.answer());
      this.ask(page);
      if (isWhole) return this.whole();
    }
    return null;
  }

  private hasCopy(): bool {
    if (this.copy != NONE) return true;
    if (this.spares == 0) return false;
    this.spares -= 1;
    this.copy = <u32>this.spare[this.spares];
    return true;
  }

  /** What `answer` tells of, behind what came before of its frame. True when that is whole. Id, offset, flags and size or error: 16 bits each. */
  private take(page: u32, answer: u64): bool {
    if (this.skipsExtra) {
      this.skipsExtra = ((<u32>answer >> 8) & EXTRA_MORE) != 0;
      return false;
    }
    const offset = <u32>(answer >> 16) & 0xffff;
    const flags = <u32>(answer >> 32) & 0xffff;
    const size = <u32>(answer >> 48);
    const isFirst = !this.continues;
    this.continues = (flags & Came.more) != 0;
    this.skipsExtra = (flags & Came.extra) != 0;
    if (isFirst) {
      this.length = 0;
      this.refused = false;
      this.verified = (flags & (Came.validated | Came.blankChecksum)) != 0;
    }
    if (this.refused) return false;
    if (size == 0 || size > BUFFER - HEADROOM - this.length || offset > PAGE - size) {
      this.refused = true;
      count(Counter.linkRefused);
      return false;
    }
    this.copies.copy(this.copy * BUFFER + HEADROOM + this.length, this.pages, page * PAGE + offset, size);
    this.length += size;
    return !this.continues;
  }

  private whole(): Packet | null {
    const packet = this.packets.take();
    if (packet == null) return null;
    packet.bytes.window(this.copies, this.copy * BUFFER, BUFFER);
    packet.index = this.copy;
    packet.length = this.length;
    packet.verified = this.verified;
    this.copy = NONE;
    return packet;
  }

  release(packet: Packet): void {
    this.spare[this.spares++] = <u8>packet.index;
    this.packets.give(packet);
  }
}
