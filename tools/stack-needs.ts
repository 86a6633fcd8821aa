/** What the resolver binds for the network stack of `stdlib/net`, with other drivers in place of those of a backend: for tests. */
import type { AsProgram } from "./load-as.ts";

/** What a program of a test has instead of the resolver's choice. */
export type Bound = Required<Pick<AsProgram, "needs" | "parts">>;

export interface Families {
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
}

/** `drivers`: the folder that has `clock`, `console`, `link` and `random`. */
export function stackOf(drivers: string, { ipv4 = true, ipv6 = false }: Families = {}): Bound {
  const needs = {
    "stdlib/log": { console: `${drivers}/console` },
    "stdlib/net/ethernet": { link: `${drivers}/link` },
    "stdlib/net/arp": {
      ethernet: "stdlib/net/ethernet/index",
      clock: `${drivers}/clock`,
      log: "stdlib/log/test-all",
    },
    "stdlib/net/ipv4": {
      ethernet: "stdlib/net/ethernet/index",
      arp: "stdlib/net/arp/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
    },
    "stdlib/net/several": { ethernet: "stdlib/net/ethernet/index" },
    "stdlib/net/routes": { ethernet: "stdlib/net/ethernet/index", clock: `${drivers}/clock` },
    "stdlib/net/icmp": { ipv4: "stdlib/net/ipv4/index", clock: `${drivers}/clock` },
    "stdlib/net/udp": { ip: "stdlib/net/ip/index" },
    "stdlib/net/ip": {
      ipv4: ipv4 ? "stdlib/net/ipv4/index" : "",
      icmp: ipv4 ? "stdlib/net/icmp/index" : "",
      ipv6: ipv6 ? "stdlib/net/ipv6/index" : "",
      icmp6: ipv6 ? "stdlib/net/icmp6/index" : "",
    },
    "stdlib/net/ndp": {
      ethernet: "stdlib/net/ethernet/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
      log: "stdlib/log/test-all",
    },
    "stdlib/net/ipv6": {
      ethernet: "stdlib/net/ethernet/index",
      ndp: "stdlib/net/ndp/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
    },
    "stdlib/net/icmp6": {
      ipv6: "stdlib/net/ipv6/index",
      ndp: "stdlib/net/ndp/index",
      clock: `${drivers}/clock`,
    },
    "stdlib/net/slaac": {
      ethernet: "stdlib/net/ethernet/index",
      ndp: "stdlib/net/ndp/index",
      ipv6: "stdlib/net/ipv6/index",
      resolvers: "stdlib/net/resolvers/index",
      random: `${drivers}/random`,
      log: "stdlib/log/test-all",
    },
    "stdlib/net/dhcp6": {
      ethernet: "stdlib/net/ethernet/index",
      ndp: "stdlib/net/ndp/index",
      ipv6: "stdlib/net/ipv6/index",
      slaac: "stdlib/net/slaac/index",
      resolvers: "stdlib/net/resolvers/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
      log: "stdlib/log/test-all",
    },
    "stdlib/net/stack6": {
      ethernet: "stdlib/net/ethernet/index",
      ndp: "stdlib/net/ndp/index",
      ipv6: "stdlib/net/ipv6/index",
      icmp6: "stdlib/net/icmp6/index",
      log: "stdlib/log/test-all",
    },
    "stdlib/net/tcp": {
      ip: "stdlib/net/ip/index",
      clock: `${drivers}/clock`,
      random: `${drivers}/random`,
    },
    "stdlib/net/stack": {
      ethernet: "stdlib/net/ethernet/index",
      arp: "stdlib/net/arp/index",
      ipv4: "stdlib/net/ipv4/index",
      icmp: "stdlib/net/icmp/index",
      log: "stdlib/log/test-all",
    },
  };
  return { needs, parts: { "stdlib/net/ip": { ipv4, ipv6 }, "stdlib/log": { kept: false, banner: false } } };
}
