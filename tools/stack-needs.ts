/** What the resolver binds for the network stack of `stdlib/net`, with other drivers in place of those of a backend: for tests. */
import type { AsProgram } from "./load-as.ts";

/** `drivers`: the folder that has `clock`, `console`, `link` and `random`. */
export function stackNeeds(drivers: string): NonNullable<AsProgram["needs"]> {
  return {
    "stdlib/core/log": { console: `${drivers}/console` },
    "stdlib/net/ethernet": { link: `${drivers}/link` },
    "stdlib/net/arp": {
      ethernet: "stdlib/net/ethernet/index",
      clock: `${drivers}/clock`,
      log: "stdlib/core/log/index",
    },
    "stdlib/net/ipv4": {
      ethernet: "stdlib/net/ethernet/index",
      arp: "stdlib/net/arp/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
    },
    "stdlib/net/icmp": { ipv4: "stdlib/net/ipv4/index", clock: `${drivers}/clock` },
    "stdlib/net/udp": { ipv4: "stdlib/net/ipv4/index", icmp: "stdlib/net/icmp/index" },
    "stdlib/net/tcp": {
      ipv4: "stdlib/net/ipv4/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
    },
    "stdlib/net/stack": {
      ethernet: "stdlib/net/ethernet/index",
      arp: "stdlib/net/arp/index",
      ipv4: "stdlib/net/ipv4/index",
      icmp: "stdlib/net/icmp/index",
      log: "stdlib/core/log/index",
    },
  };
}
