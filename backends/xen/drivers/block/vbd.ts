/** A block device in XenStore: Xen, include/public/io/blkif.h. */
import { NONE, Xenbus } from "../xenbus";
import { MOST_PAGES } from "./ring";

@final
export class Vbd extends Xenbus {
  /** What the other side gets to know. */
  readonly rings: StaticArray<u32> = new StaticArray<u32>(<i32>MOST_PAGES);
  private pages: u32 = 0;
  private port: u32 = 0;

  constructor() {
    super("vbd");
  }

  get isKnown(): bool {
    return this.device != NONE;
  }

  /** Pages of the ring, of which `rings` has the grants, and its port. */
  connect(pages: u32, port: u32): bool {
    this.pages = pages;
    this.port = port;
    return this.agree();
  }

  protected override write(): bool {
    return (
      this.writeRing() &&
      this.set("event-channel", <u64>this.port) &&
      this.setText("protocol", "x86_64-abi") &&
      this.set("feature-persistent", 1)
    );
  }

  /** With the names of one page there must be none of those of several, which a former life may have left. */
  private writeRing(): bool {
    if (this.pages == 1) {
      this.remove("ring-page-order");
      this.remove("num-ring-pages");
      return this.set("ring-ref", <u64>this.rings[0]);
    }
    return (
      this.set("ring-page-order", 1) &&
      this.set("num-ring-pages", 2) &&
      this.set("ring-ref0", <u64>this.rings[0]) &&
      this.set("ring-ref1", <u64>this.rings[1])
    );
  }
}
