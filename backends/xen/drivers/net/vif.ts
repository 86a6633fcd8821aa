/** A network device in XenStore: Xen, include/public/io/netif.h. */
import { Xenbus } from "../xenbus";
import * as store from "./needs/store";

@final
export class Vif extends Xenbus {
  private transmit: u32 = 0;
  private receive: u32 = 0;
  private port: u32 = 0;

  constructor() {
    super("vif");
  }

  /** The other side's device has a carrier, or does not say. */
  hasCarrier(): bool {
    return !this.other("carrier") || store.decimal(1) != 0;
  }

  /** Rings, port and what we can; then the other side may begin. */
  connect(transmit: u32, receive: u32, port: u32): bool {
    this.transmit = transmit;
    this.receive = receive;
    this.port = port;
    return this.agree();
  }

  protected override write(): bool {
    return (
      this.set("tx-ring-ref", <u64>this.transmit) &&
      this.set("rx-ring-ref", <u64>this.receive) &&
      this.set("event-channel", <u64>this.port) &&
      this.set("request-rx-copy", 1) &&
      this.set("feature-rx-notify", 1) &&
      this.set("feature-sg", 1) &&
      this.set("feature-ipv6-csum-offload", 1)
    );
  }
}

/** Of the answer just read, `00:16:3e:01:02:03`; 0 if it is none. */
export function hardwareAddress(): u64 {
  if (store.length != 17) return 0;
  let value: u64 = 0;
  for (let n = 0; n < 17; n++) {
    const letter = <u32>store.answer[n];
    if (n % 3 == 2) {
      if (letter != 58) return 0;
      continue;
    }
    const digit = letter - 48 < 10 ? letter - 48 : (letter | 32) - 87;
    if (digit > 15) return 0;
    value = (value << 4) | <u64>digit;
  }
  return value;
}
