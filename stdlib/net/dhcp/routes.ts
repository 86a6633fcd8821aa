/** Ways to other networks, as a server tells them: RFC 3442. */
import { Bytes } from "../../core/bytes";
import { Ways } from "../addresses";
import { isHost } from "../sane";

const MOST: i32 = 16;

@final
export class Routes extends Ways {
  count: i32 = 0;
  private networks: StaticArray<u32> = new StaticArray<u32>(MOST);
  private masks: StaticArray<u32> = new StaticArray<u32>(MOST);
  /** 0: those of the network are neighbours. */
  private routers: StaticArray<u32> = new StaticArray<u32>(MOST);

  /** Reads option 121; none at all if it is malformed. More than there is room for are passed over. */
  read(option: Bytes, length: u32): void {
    this.count = 0;
    let at: u32 = 0;
    while (at < length) {
      const width = option.u8(at);
      const digits = (width + 7) / 8;
      if (width > 32 || at + 1 + digits + 4 > length) {
        this.count = 0;
        return;
      }
      let network: u32 = 0;
      for (let n: u32 = 0; n < digits; n++) network |= option.u8(at + 1 + n) << (24 - 8 * n);
      this.add(network, width, option.be32(at + 1 + digits));
      at += 5 + digits;
    }
  }

  private add(network: u32, width: u32, router: u32): void {
    if (this.count == MOST || (router != 0 && !isHost(router))) return;
    const mask: u32 = width == 0 ? 0 : u32.MAX_VALUE << (32 - width);
    this.networks[this.count] = network & mask;
    this.masks[this.count] = mask;
    this.routers[this.count] = router;
    this.count += 1;
  }

  /** The router for everything that no other way is for; 0: none. */
  get router(): u32 {
    for (let n = 0; n < this.count; n++) if (this.masks[n] == 0) return this.routers[n];
    return 0;
  }

  override via(destination: u32): u32 {
    let best = -1;
    for (let n = 0; n < this.count; n++)
      if (
        ((destination ^ this.networks[n]) & this.masks[n]) == 0 &&
        (best < 0 || this.masks[n] > this.masks[best])
      )
        best = n;
    if (best < 0) return 0;
    return this.routers[best] == 0 ? destination : this.routers[best];
  }

  copy(other: Routes): void {
    this.count = other.count;
    for (let n = 0; n < other.count; n++) {
      this.networks[n] = other.networks[n];
      this.masks[n] = other.masks[n];
      this.routers[n] = other.routers[n];
    }
  }

  equals(other: Routes): bool {
    if (this.count != other.count) return false;
    for (let n = 0; n < this.count; n++) {
      const same = this.networks[n] == other.networks[n] && this.masks[n] == other.masks[n];
      if (!same || this.routers[n] != other.routers[n]) return false;
    }
    return true;
  }
}
