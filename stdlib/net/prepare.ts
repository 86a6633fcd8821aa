/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Prefix } from "../core/values";
import { Config } from "./config";
import * as stack from "./needs/stack";

/** Called once for each block. */
export function prepare(config: Config): void {
  const address = addressOf(config);
  const near = gatewayOf(config);
  const own = <u32>address.ip.low;
  if (!stack.configure(config.label, own, address.length, near, <u32>config.mtu))
    error(
      "E0751",
      config.at,
      `this target has no network device left for \`${config.label}\``,
      "remove the block, or choose another target",
    );
}

/** The one that a build is made with: without code for DHCP, IPv6 and several addresses, there is one of IPv4. */
function addressOf(config: Config): Prefix {
  const one = config.address.ifaceAddr;
  return one == null ? config.address.list![0] : one;
}

function gatewayOf(config: Config): u32 {
  const one = config.gateway.ip;
  if (one != null) return <u32>one.low;
  const list = config.gateway.list;
  return list == null || list.length == 0 ? 0 : <u32>list[0].low;
}
