/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error, warning } from "../core/report";
import { Prefix } from "../core/values";
import { Config } from "./config";
import * as stack from "./needs/stack";

/** The blocks so far. */
const configs: Config[] = [];

/** Called once for each block. */
export function prepare(config: Config): void {
  compare(config);
  configs.push(config);
  const address = addressOf(config);
  const near = gatewayOf(config);
  if (!stack.configure(config.label, address.ip.v4, address.length, near, <u32>config.mtu))
    error(
      "E0751",
      config.at,
      `this target has no network device left for \`${config.label}\``,
      "remove the block, or choose another target",
    );
}

/** With the blocks before: a network twice rarely does what was meant. */
function compare(config: Config): void {
  const mine = addressOf(config);
  for (let n = 0; n < configs.length; n++) {
    const other = configs[n];
    const theirs = addressOf(other);
    const length = min(mine.length, theirs.length);
    const mask: u32 = length == 0 ? 0 : ~0 << (32 - <u32>length);
    const difference = mine.ip.v4 ^ theirs.ip.v4;
    if ((difference & mask) == 0)
      warning(
        "E0753",
        config.at,
        `the networks of \`${config.label}\` and \`${other.label}\` overlap`,
        "packets to both take the interface with the longer prefix, else the first one",
      );
  }
}

/** The one that a build is made with: without code for DHCP, IPv6 and several addresses, there is one of IPv4. */
function addressOf(config: Config): Prefix {
  const one = config.address.ifaceAddr;
  return one == null ? config.address.list![0] : one;
}

function gatewayOf(config: Config): u32 {
  const one = config.gateway.ip;
  if (one != null) return one.v4;
  const list = config.gateway.list;
  return list == null || list.length == 0 ? 0 : list[0].v4;
}
