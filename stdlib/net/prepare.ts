/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Prefix } from "../core/values";
import { Config } from "./config";
import * as client from "./needs/client";
import * as stack from "./needs/stack";
import { dhcp } from "./parts";

/** Called once for each block. */
export function prepare(config: Config): void {
  if (dhcp) {
    const isWritten = config.address.ifaceAddr != null || config.address.list != null;
    if (!isWritten) return prepareClient(config);
  }
  const address = addressOf(config);
  const near = gatewayOf(config);
  const own = <u32>address.ip.low;
  if (!stack.configure(config.label, own, address.length, near, <u32>config.mtu)) noDevice(config);
}

function noDevice(config: Config): void {
  error(
    "E0751",
    config.at,
    `this target has no network device left for \`${config.label}\``,
    "remove the block, or choose another target",
  );
}

/** An interface that has no address until a server gives it one. */
function prepareClient(config: Config): void {
  if (!stack.configure(config.label, 0, 32, 0, <u32>config.mtu)) return noDevice(config);
  const name = config.hostname;
  client.configure(gatewayOf(config), name == null ? "" : name);
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
