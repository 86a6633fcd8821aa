/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Ip, Prefix } from "../core/values";
import { Config } from "./config";
import * as stack from "./needs/stack";

export function prepare(config: Config): void {
  const address: Prefix = config.address;
  const gateway: Ip | null = config.gateway;
  const router = gateway == null ? 0 : gateway.v4;
  if (!stack.configure(config.label, address.ip.v4, address.length, router, <u32>config.mtu))
    error(
      "E0751",
      config.at,
      "this target has no network device left for `" + config.label + "`",
      "remove the block, or choose another target",
    );
}
