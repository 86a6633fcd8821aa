/** Packets for tests: those of the simulator. */
export {
  type Arp,
  arp,
  checksum,
  concat,
  ethernet,
  hex,
  type Ipv4,
  icmp,
  ipv4,
  type Udp,
  udp,
} from "#simulate";
