/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Config } from "./config";
import * as stack from "./needs/stack";

/** Called once for each block. */
export function prepare(config: Config): void {
  const address = config.address;
  const gateway = config.gateway;
  const mtu = <u32>config.mtu;
  const near = gateway == null ? 0 : gateway.v4;
  if (!stack.configure(config.label, address.ip.v4, address.length, near, mtu))
    error(
      "E0751",
      config.at,
      `this target has no network device left for \`${config.label}\``,
      "remove the block, or choose another target",
    );
}
