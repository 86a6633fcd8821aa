/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error, warning } from "../core/report";
import { Config } from "./config";
import * as stack from "./needs/stack";

/** The blocks so far. */
const configs: Config[] = [];

/** Called once for each block. */
export function prepare(config: Config): void {
  compare(config);
  configs.push(config);
  const address = config.address;
  const gateway = config.gateway;
  const near = gateway == null ? 0 : gateway.v4;
  if (!stack.configure(config.label, address.ip.v4, address.length, near, <u32>config.mtu))
    error(
      "E0751",
      config.at,
      `this target has no network device left for \`${config.label}\``,
      "remove the block, or choose another target",
    );
}

/** With the blocks before: an address twice cannot work, a network twice rarely does what was meant. */
function compare(config: Config): void {
  const mine = config.address;
  for (let n = 0; n < configs.length; n++) {
    const other = configs[n];
    const length = min(mine.length, other.address.length);
    const mask: u32 = length == 0 ? 0 : ~0 << (32 - <u32>length);
    const difference = mine.ip.v4 ^ other.address.ip.v4;
    if (difference == 0)
      error(
        "E0752",
        config.at,
        `\`${config.label}\` has the same address as \`${other.label}\``,
        "every interface needs an address of its own",
      );
    else if ((difference & mask) == 0)
      warning(
        "E0753",
        config.at,
        `the networks of \`${config.label}\` and \`${other.label}\` overlap`,
        "packets to both take the interface with the longer prefix, else the first one",
      );
  }
}
