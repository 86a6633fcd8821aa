/** What an attacker sends: packets of every protocol, with any field wrong. For `attack-rows.ts`. */
import {
  arp,
  dnsQuestion,
  ethernet,
  etherType,
  groupMac,
  type Host,
  type Ipv4,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  MILLISECOND,
  protocol,
  type Simulation,
  type Tcp,
  tcp,
  tcpFlag,
  udp,
} from "#simulate";

export const [V4, V6, LINK] = ["10.0.0.1", "2001:db8::1", "fe80::bad"];
export const [BAD, BAD6, SOMEBODY] = ["10.0.6.6", "2001:db8::bad", "198.51.100.9"];
export const MAC = "02:00:00:00:00:01";
export const EVERYBODY = "ff:ff:ff:ff:ff:ff";

export const { fin, syn, rst, psh, ack } = tcpFlag;
export const urg = 32;

let simulation: Simulation;
export let attacker: Host;

/** Who sends all of it from now on. */
export function attackFrom(host: Host): void {
  attacker = host;
  simulation = host.simulation;
}

export const send4 = (payload: Uint8Array, fields: Partial<Ipv4> & { protocol: number }, to = MAC) =>
  attacker.sendFrame(
    ethernet(attacker.mac, to, etherType.ipv4, ipv4({ from: BAD, to: V4, ...fields }, payload)),
  );
export const send6 = (
  payload: Uint8Array,
  next: number,
  fields: { from?: string; to?: string; hops?: number } = {},
) => {
  const to = fields.to ?? V6;
  const packet = ipv6({ from: BAD6, to, next, ...fields }, payload);
  attacker.sendFrame(
    ethernet(attacker.mac, to.startsWith("ff") ? groupMac(to) : MAC, etherType.ipv6, packet),
  );
};
export const segment = (fields: Partial<Tcp>, payload: Uint8Array = new Uint8Array(), from = BAD, to = V4) =>
  tcp({ from: 4000, to: 80, sequence: 1000, flags: syn, addresses: [from, to], ...fields }, payload);
export const datagram = (payload: Uint8Array, from = BAD, to = V4, port = 53) =>
  udp({ from: 4000, to: port, addresses: [from, to] }, payload);
export const sendTcp = (fields: Partial<Tcp>, payload?: Uint8Array) =>
  send4(segment(fields, payload), { protocol: protocol.tcp });
export const icmp6Of = (type: number, code: number, word: number, rest: Uint8Array, from = BAD6, to = V6) =>
  icmp6([from, to], type, code, word, rest);
export const zeros = (length: number) => new Uint8Array(length);
export const question = dnsQuestion("ns1.example.com", "A", 7)!;
/** A packet of ours that somebody could have seen, for errors to quote. */
export const quoted = (mtu: number) =>
  icmp(3, 4, mtu, ipv4({ from: V4, to: SOMEBODY, protocol: 6 }, zeros(20)));
export const repeated = (times: number, act: (n: number) => void) => {
  for (let n = 0; n < times; n++) {
    act(n);
    if (n % 100 === 99) simulation.run(10 * MILLISECOND);
  }
};
export const ARP_CLAIM = (sender: string, operation = 2) =>
  ethernet(
    attacker.mac,
    operation === 2 ? MAC : EVERYBODY,
    etherType.arp,
    arp({ operation, senderMac: attacker.mac, sender, target: V4 }),
  );
