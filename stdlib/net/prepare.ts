/** Set-up of std/net: every `net` block becomes an interface of the stack. */
import { error } from "../core/report";
import { Ip, Prefix } from "../core/values";
import { Config } from "./config";
import * as client from "./needs/client";
import * as client6 from "./needs/client6";
import * as devices from "./needs/devices";
import * as givenAddresses from "./needs/given";
import * as resolvers from "./needs/resolvers";
import * as moreRoutes from "./needs/routes";
import * as several from "./needs/several";
import * as slaac from "./needs/slaac";
import * as stack from "./needs/stack";
import * as stack6 from "./needs/stack6";
import * as trunk from "./needs/vlan";
import {
  autoconf,
  dhcp,
  dhcp6,
  dns,
  given,
  several as hasSeveral,
  vlan as hasVlan,
  ipv4,
  ipv6,
  port,
  routes,
} from "./parts";
import { Told } from "./resolvers";

/** The first word that `address` may be. */
const DHCP: i32 = 0;

/** Called once for each block. */
export function prepare(config: Config): void {
  const addresses = addressesOf(config);
  let isThere = !port && !hasVlan ? true : place(config);
  if (ipv4 && isThere) isThere = configure4(config, addresses);
  if (ipv6 && isThere) isThere = configure6(config, addresses);
  if (dns && isThere) tellResolvers(config);
  if (isThere) return;
  error(
    "E0751",
    config.at,
    `this target has no network device left for \`${config.label}\``,
    "remove the block, or choose another target",
  );
}

/** On the device that it names, and in its virtual network. */
function place(config: Config): bool {
  const mtu = <u32>config.mtu;
  const wanted = config.port;
  const device = wanted == null ? -1 : numberIn(wanted);
  if (wanted != null && device < 0) {
    error("E0751", config.at, `no device has the name \`${wanted}\``, "they are `eth0`, `eth1` and so on");
    return true;
  }
  const number = config.vlan;
  if (hasVlan)
    return trunk.placeTagged(
      config.label,
      mtu,
      device,
      number == null ? 0 : <u32>number.value,
      <u32>config.priority,
    );
  return devices.place(config.label, mtu, device);
}

/** Boards call their devices by a word and a number, in the order in which the machine has them: `eth1` is 1. Below 0: there is no number. */
function numberIn(name: string): i32 {
  let from = name.length;
  while (from > 0 && name.charCodeAt(from - 1) >= 0x30 && name.charCodeAt(from - 1) <= 0x39) from -= 1;
  return from == name.length ? -1 : <i32>parseInt(name.substring(from), 10);
}

function tellResolvers(config: Config): void {
  for (let n = 0; n < config.dns.length; n++) {
    const server = config.dns[n];
    if (!resolvers.add(Told.byDescription, -1, server.family, server.high, server.low))
      error(
        "E0757",
        config.at,
        "there are more name servers than there is place for",
        "an appliance has at most 16",
      );
  }
}

/** An interface that has no address until a server gives it one. */
function configureClient(config: Config): bool {
  if (!stack.configure(config.label, 0, 32, 0, <u32>config.mtu)) return false;
  const gateway = gatewayOf(config, 4);
  const name = config.hostname;
  client.configure(gateway == null ? 0 : <u32>gateway.low, name == null ? "" : name);
  if (routes) addRoutes(config);
  return true;
}

/** An interface that has no address until the machine starts. */
function configureGiven(config: Config): bool {
  if (!stack.configure(config.label, 0, 32, 0, <u32>config.mtu)) return false;
  const gateway = gatewayOf(config, 4);
  const by = gateway == null ? 0 : <u32>gateway.low;
  givenAddresses.configure(config.address.given!, config.gateway.given, by);
  if (routes) addRoutes(config);
  return true;
}

/** The first one of IPv4 is the interface's, and the others are beside it. None are for a server to give. */
function configure4(config: Config, addresses: Prefix[]): bool {
  if (dhcp && config.address.tag == DHCP) return configureClient(config);
  if (given && config.address.given != null) return configureGiven(config);
  let isFirst = true;
  for (let n = 0; n < addresses.length; n++) {
    const own = addresses[n];
    if (own.ip.family != 4) continue;
    if (!isFirst) {
      if (hasSeveral) several.addAddress(config.label, <u32>own.ip.low, own.length);
      continue;
    }
    isFirst = false;
    const gateway = gatewayOf(config, 4);
    const by = gateway == null ? 0 : <u32>gateway.low;
    if (!stack.configure(config.label, <u32>own.ip.low, own.length, by, <u32>config.mtu)) return false;
  }
  if (routes && !isFirst) addRoutes(config);
  return true;
}

/** What is written besides the first gateway; that, too, if there are several, since any of them may fail. */
function addRoutes(config: Config): void {
  for (let n = 0; n < config.routes.length; n++) {
    const to = config.routes[n].to;
    if (to.ip.family == 4)
      moreRoutes.addRoute(config.label, <u32>to.ip.low, to.length, <u32>config.routes[n].by.low);
  }
  const list = config.gateway.list;
  if (list == null) return;
  for (let n = 0; n < list.length; n++)
    if (list[n].family == 4) moreRoutes.addRoute(config.label, 0, 0, <u32>list[n].low);
}

function configure6(config: Config, addresses: Prefix[]): bool {
  let isAsked = isAdvertised(config);
  for (let n = 0; n < addresses.length; n++) if (addresses[n].ip.family == 6) isAsked = true;
  if (!isAsked) return true;
  const name = config.label;
  if (!stack6.configure(name, <u32>config.mtu)) return false;
  if (autoconf && isAdvertised(config)) slaac.enable(name);
  if (dhcp6 && config.dhcp6) {
    const host = config.hostname;
    client6.configure(name, host == null ? "" : host);
  }
  let fits = true;
  for (let n = 0; n < addresses.length; n++) {
    const own = addresses[n];
    if (own.ip.family != 6) continue;
    fits = stack6.address(name, own.ip.high, own.ip.low, own.length) && fits;
  }
  for (let n = 0; n < config.routes.length; n++) {
    const route = config.routes[n];
    const to = route.to;
    if (to.ip.family != 6) continue;
    fits = stack6.way(name, to.ip.high, to.ip.low, to.length, route.by.high, route.by.low) && fits;
  }
  const gateway = gatewayOf(config, 6);
  if (gateway != null) fits = stack6.way(name, 0, 0, 0, gateway.high, gateway.low) && fits;
  if (!fits)
    error(
      "E0757",
      config.at,
      "there are more addresses and routes of IPv6 than there is place for",
      "an appliance has at most 24 addresses of IPv6, and 32 networks and routes",
    );
  return true;
}

function isAdvertised(config: Config): bool {
  const wanted = config.autoconf;
  if (wanted != null) return wanted.value;
  // `dhcp` and `slaac` carry nothing.
  const address = config.address;
  return address.given == null && address.ifaceAddr == null && address.list == null;
}

function addressesOf(config: Config): Prefix[] {
  const one = config.address.ifaceAddr;
  if (one != null) return [one];
  const list = config.address.list;
  return list == null ? [] : list;
}

function gatewayOf(config: Config, family: u8): Ip | null {
  const one = config.gateway.ip;
  if (one != null) return one.family == family ? one : null;
  const list = config.gateway.list;
  if (list != null) for (let n = 0; n < list.length; n++) if (list[n].family == family) return list[n];
  return null;
}
