/** One ring of a network device (Xen, include/public/io/netif.h), in one page. An answer is copied before it is looked at. */
import { Counter, count } from "../../../../stdlib/net/counters";
import { PAGE } from "../../../common/drivers/pages";
import * as grants from "../grants";
import { load64, physical, store64 } from "../hw";
import { HEADER, Indexes } from "../indexes";

/** Of both rings: 2^n that fit into a page behind the header. */
const SIZE: u32 = 256;
const PAGES: u32 = 2;

@final
export class Ring extends Indexes {
  /** One page is for the next other side when a former one has not let go of the other. */
  private memory: StaticArray<u8> = new StaticArray<u8>(<i32>((PAGES + 1) * PAGE));
  private pageGrants: StaticArray<u32> = new StaticArray<u32>(<i32>PAGES);

  /** `stride`: bytes of an entry. */
  constructor(private stride: u64) {
    super();
  }

  /** Once after the start. False: there are not enough grants. */
  takeGrants(): bool {
    for (let n = 0; n < this.pageGrants.length; n++) this.pageGrants[n] = grants.take();
    return this.pageGrants[<i32>(PAGES - 1)] != grants.NONE;
  }

  /** Empty, for a new other side: its grant. `grants.NONE`: former ones still use both pages. */
  open(domain: u32): u32 {
    const unit = <usize>PAGE;
    const first = physical((changetype<usize>(this.memory) + unit - 1) & ~(unit - 1));
    for (let n: u32 = 0; n < PAGES; n++) {
      const grant = this.pageGrants[<i32>n];
      if (!grants.end(grant)) continue;
      const address = first + <u64>(n * PAGE);
      for (let at: u64 = 0; at < <u64>PAGE; at += 8) store64(address + at, 0);
      this.begin(address);
      grants.allow(grant, domain, address, false);
      return grant;
    }
    return grants.NONE;
  }

  close(): void {
    for (let n = 0; n < this.pageGrants.length; n++) grants.end(this.pageGrants[n]);
  }

  /** Indexes that cannot be are counted. */
  protected override refuse(): void {
    count(Counter.linkNonsense);
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

  /** Number of the request or answer that is next, within the ring. */
  @inline
  get requestSlot(): u32 {
    return this.produced & (SIZE - 1);
  }

  @inline
  get answerSlot(): u32 {
    return this.consumed & (SIZE - 1);
  }

  /** The first 8 bytes of the next answer. */
  @inline
  answer(): u64 {
    const answer = load64(this.entry(this.consumed));
    this.consumed += 1;
    return answer;
  }

  @inline
  private entry(number: u32): u64 {
    return this.address + <u64>HEADER + <u64>(number & (SIZE - 1)) * this.stride;
  }
}
