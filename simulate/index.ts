/** The door of the simulator: networks of real appliances and scripted hosts in virtual time. `README.md` says how to use it. */
export { type AskOptions, type AskTcpOptions, askTcp, askUdp, ping, Question } from "./ask.ts";
export { type Attached, Board, type Label, type Level } from "./board/board.ts";
export { type I2cChip, I2cTarget, type I2cWires } from "./board/i2c.ts";
export { crc8, Sht4x } from "./board/sht4x.ts";
export { Watchdog } from "./board/watchdog.ts";
export { Cable, Direction } from "./cable.ts";
export { type Conditions, perfect } from "./conditions.ts";
export { Device, type NicOptions } from "./device.ts";
export { DhcpServer, type DhcpServerOptions } from "./dhcp.ts";
export { Dhcp6Server, type Dhcp6ServerOptions } from "./dhcp6.ts";
export { type DnsAnswer, dnsQuestion, dnsTypes, readDnsAnswer } from "./dns.ts";
export type { Event, Loss } from "./events.ts";
export { flowOf, flows } from "./flows.ts";
export { Host, type HostOptions, type Received } from "./host.ts";
export { type Advertisement, Host6, type Host6Options } from "./host6.ts";
export { type ConsoleLine, type Exports, Machine, type MachineOptions, Trap } from "./machine.ts";
export { Capture, type CaptureOptions, captureOf } from "./pcapng.ts";
export { Port } from "./port.ts";
export { Random } from "./random.ts";
export { Router6, type Router6Options } from "./router6.ts";
export { Simulation, type SimulationOptions } from "./simulation.ts";
export { Switch } from "./switch.ts";
export { TcpClient, TcpConnection } from "./tcp-client.ts";
export {
  HOUR,
  LAST,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  NEVER,
  SECOND,
  seconds,
  type Time,
} from "./time.ts";
export { lineOf, Trace, type TraceOptions } from "./trace.ts";
export { Trunk } from "./trunk.ts";
export { bytes6, groupMac, solicitedGroup, text6 } from "./wire/addresses.ts";
export { checksum, completeChecksum, hasGoodChecksum } from "./wire/checksum.ts";
export { describe as describeFrame } from "./wire/describe.ts";
export { type DhcpMessage, dhcp, dhcpType, optionBytes, parseDhcp } from "./wire/dhcp.ts";
export {
  type Association6,
  type Dhcp6Message,
  type Dhcp6Option,
  dhcp6,
  dhcp6Option,
  dhcp6Type,
  leaseOption6,
  parseDhcp6,
  readAssociation6,
  statusOption6,
} from "./wire/dhcp6.ts";
export {
  type Arp,
  addressNumber,
  arp,
  concat,
  dotted,
  ethernet,
  fragment6,
  hex,
  type Ipv4,
  icmp,
  icmp6,
  ipv4,
  ipv6,
  type Tcp,
  tcp,
  type Udp,
  udp,
} from "./wire/packets.ts";
export {
  type ArpPacket,
  type EthernetFrame,
  etherType,
  type IcmpMessage,
  type Ipv4Packet,
  type Ipv6Packet,
  parseArp,
  parseEthernet,
  parseIcmp,
  parseIcmp6,
  parseIpv4,
  parseIpv6,
  parseTcp,
  parseUdp,
  protocol,
  type TcpSegment,
  tcpFlag,
  transportChecksum,
  type UdpDatagram,
} from "./wire/parse.ts";
