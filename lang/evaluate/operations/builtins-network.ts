/** Built-in functions over addresses. */
import { listOf, scalar } from "../../types/type.ts";
import { bitsOf, ip4, ip6 } from "../../values/ip.ts";
import { contains, formatPrefix, lastOf, networkOf } from "../../values/network.ts";
import {
  bool,
  type IntValue,
  type IpValue,
  list,
  type PrefixValue,
  str,
  type Value,
} from "../../values/value.ts";
import { offset } from "./arithmetic-address.ts";
import type { Builtin } from "./builtin.ts";

const ip = scalar("Ip");
const cidr = scalar("Cidr");
const int = scalar("Int");
const MAX_SUBNETS = 1_000_000n;

const asIp = (value: Value | undefined): IpValue => value as IpValue;
const asPrefix = (value: Value | undefined): PrefixValue => value as PrefixValue;
const asInt = (value: Value | undefined): bigint => (value as IntValue).value;

const address = (family: 4 | 6, bits: bigint): IpValue => (family === 4 ? ip4(bits) : ip6(bits));

export const networkBuiltins: Readonly<Record<string, Builtin>> = {
  addr: {
    signature: "addr(Ip, Port) -> SocketAddr",
    docs: "The socket of an address and a port.",
    params: [ip, scalar("Port")],
    type: () => scalar("SocketAddr"),
    run: ([host, port]) => ({ kind: "socket", ip: asIp(host), port: Number(asInt(port)) }),
  },
  "ip.offset": {
    signature: "ip.offset(Ip, Int) -> Ip",
    docs: "The address so many behind another.",
    params: [ip, int],
    type: () => ip,
    run: ([from, by], bench) => offset(asIp(from), asInt(by), bench),
  },
  "ip.nth": {
    signature: "ip.nth(Cidr, Int) -> Ip",
    docs: "The address at a position in a network; position 0 is the network's own address, -1 the last one.",
    params: [cidr, int],
    type: () => ip,
    run: ([network, position], bench) => {
      const prefix = asPrefix(network);
      const n = asInt(position);
      const last = lastOf(prefix).bits;
      const bits = n >= 0n ? prefix.ip.bits + n : last + 1n + n;
      if (bits < prefix.ip.bits || bits > last)
        return bench.fail(`${formatPrefix(prefix)} has no address at position ${n}`);
      return address(prefix.ip.family, bits);
    },
  },
  "cidr.hosts": {
    signature: "cidr.hosts(Cidr) -> Range<Ip>",
    docs: "The addresses that machines of a network can have: without the first and, in IPv4, the last.",
    params: [cidr],
    type: () => ({ kind: "range", element: ip }),
    run: ([network]) => {
      const prefix = asPrefix(network);
      const { family, bits } = prefix.ip;
      const narrow = bitsOf(family) - prefix.length < 2;
      const last = lastOf(prefix).bits;
      return {
        kind: "range",
        low: address(family, narrow ? bits : bits + 1n),
        high: address(family, narrow || family === 6 ? last : last - 1n),
      };
    },
  },
  "cidr.subnets": {
    signature: "cidr.subnets(Cidr, Int) -> List<Cidr>",
    docs: "The networks of a length that a network is made of.",
    params: [cidr, int],
    type: () => listOf(cidr),
    run: ([network, length], bench) => {
      const prefix = asPrefix(network);
      const to = asInt(length);
      const width = BigInt(bitsOf(prefix.ip.family));
      if (to < BigInt(prefix.length) || to > width)
        return bench.fail(`subnets of ${formatPrefix(prefix)} are from /${prefix.length} to /${width}`, 1);
      const count = 1n << (to - BigInt(prefix.length));
      if (count > MAX_SUBNETS)
        return bench.fail(`these are ${count} networks, and the limit is ${MAX_SUBNETS}`, 1);
      bench.spend(Number(count));
      const step = 1n << (width - to);
      return list(
        Array.from({ length: Number(count) }, (_, index) => ({
          kind: "prefix",
          ip: address(prefix.ip.family, prefix.ip.bits + BigInt(index) * step),
          length: Number(to),
        })),
      );
    },
  },
  "ip.arpa": {
    signature: "ip.arpa(Ip) -> DomainName",
    docs: "The name that an address is looked up by: `192.0.2.1` is `1.2.0.192.in-addr.arpa`.",
    params: [ip],
    type: () => scalar("DomainName"),
    run: ([host]) => {
      const { family, bits } = asIp(host);
      const [size, count, zone] = family === 4 ? [8n, 4, "in-addr.arpa"] : [4n, 32, "ip6.arpa"];
      const digit = (n: number) => (bits >> (size * BigInt(n))) & ((1n << size) - 1n);
      const labels = Array.from({ length: count }, (_, n) => digit(n).toString(family === 4 ? 10 : 16));
      return str([...labels, zone].join("."));
    },
  },
  "cidr.overlaps": {
    signature: "cidr.overlaps(Cidr, Cidr) -> Bool",
    docs: "Whether two networks have an address in common.",
    params: [cidr, cidr],
    type: () => scalar("Bool"),
    run: ([a, b]) => bool(contains(asPrefix(a), asPrefix(b).ip) || contains(asPrefix(b), asPrefix(a).ip)),
  },
  "cidr.of": {
    signature: "cidr.of(IfaceAddr) -> Cidr",
    docs: "The network that a machine's address is in.",
    params: [scalar("IfaceAddr")],
    type: () => cidr,
    run: ([prefix]) => networkOf(asPrefix(prefix)),
  },
};
