/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Ip, Prefix } from "../core/values";
import { Net } from "./config";
import * as stack from "./needs/stack";

export function prepare(config: Array<Net>): void {
  for (let n = 0; n < config.length; n++) {
    const net = config[n];
    const address: Prefix = net.address;
    const gateway: Ip | null = net.gateway;
    const mtu = <u32>net.mtu;
    if (!stack.configure(net.label, address.ip.v4, address.length, gateway == null ? 0 : gateway.v4, mtu))
      error("E0751", net.at, "this target has no network device left for `" + net.label + "`", "remove the block, or choose another target");
  }
}
