/** The settings classes as the build generates them from `dns.appl`, written by hand for tests of this module alone. */
import { BytesSlot } from "../../core/slots/text";
import { File, Ip, Prefix, Rate, Socket } from "../../core/values";
export class OptionalI32 {
  constructor(public value: i32) {}
}
export class OptionalU64 {
  constructor(public value: u64) {}
}
export class OptionalU16 {
  constructor(public value: u16) {}
}
export class ZoneName {
  tag: i32;
  domainName: string | null = null;
  cidr: Prefix | null = null;
  constructor() {
    this.tag = 0;
  }
}
export class Serial {
  tag: i32 = 0;
  at: i64 = 0;
}
export class Mx {
  at: i32 = 0;
  prio: i64 = 0;
  host: string = "";
}
export class Srv {
  at: i32 = 0;
  service: string = "";
  prio: i64 = 0;
  weight: i64 = 0;
  port: u16 = 0;
  host: string = "";
}
export class Caa {
  at: i32 = 0;
  tag: string = "";
  value: string = "";
  critical: bool = false;
}
export class Tlsa {
  at: i32 = 0;
  service: string = "";
  usage: i64 = 3;
  selector: i64 = 1;
  matching: i64 = 1;
  digest: string = "";
}
export class Sshfp {
  at: i32 = 0;
  algorithm: i64 = 0;
  hash: i64 = 2;
  fingerprint: string = "";
}
export class Ds {
  at: i32 = 0;
  tag: i64 = 0;
  algorithm: i64 = 0;
  hash: i64 = 0;
  digest: string = "";
}
export class Naptr {
  at: i32 = 0;
  order: i64 = 0;
  prio: i64 = 0;
  flags: string = "";
  service: string = "";
  regexp: string = "";
  replacement: string | null = null;
}
export class Svcb {
  at: i32 = 0;
  prio: i64 = 1;
  target: string | null = null;
  alpn: Array<string> = [];
  noDefaultAlpn: bool = false;
  port: OptionalU16 | null = null;
  hints: Array<Ip> = [];
  mandatory: Array<string> = [];
}
export class Host {
  at: i32 = 0;
  label: string = "";
  address: Array<Ip> = [];
  mx: Array<Mx> = [];
  srv: Array<Srv> = [];
  txt: Array<string> = [];
  caa: Array<Caa> = [];
  tlsa: Array<Tlsa> = [];
  sshfp: Array<Sshfp> = [];
  naptr: Array<Naptr> = [];
  svcb: Array<Svcb> = [];
  https: Array<Svcb> = [];
  ptr: Array<string> = [];
  delegate: Array<string> = [];
  ds: Array<Ds> = [];
  dname: string | null = null;
  record: Array<string> = [];
  ttl: OptionalU64 | null = null;
}
export class Soa {
  at: i32 = 0;
  mname: string = "";
  rname: string = "";
  serial: Serial = new Serial();
  refresh: u64 = 0;
  retry: u64 = 0;
  expire: u64 = 0;
  negativeTtl: u64 = 0;
}
export class AliasEntry {
  key: string = "";
  value: string = "";
}
export class PtrEntry {
  constructor(
    public key: Ip,
    public value: string,
  ) {}
}
export class Primary {
  at: i32 = 0;
  master: File | null = null;
  ttl: u64 = 3600000000000;
  ns: Array<string> = [];
  alias: Array<AliasEntry> = [];
  ptr: Array<PtrEntry> = [];
  soa: Soa | null = null;
  host: Array<Host> = [];
}
export class Secondary {
  at: i32 = 0;
  from: Array<Ip> = [];
  key: OptionalI32 | null = null;
  expire: OptionalU64 | null = null;
  memory: u64 = 262144;
}
export class Transfer {
  at: i32 = 0;
  to: Array<Ip> = [];
  key: OptionalI32 | null = null;
  notify: bool = true;
}
export class Access {
  tag: i32 = 0;
  only: Array<Prefix> | null = null;
}
export class Query {
  at: i32 = 0;
  allow: Access = new Access();
}
export namespace Algorithm {
  export const hmacSha256 = 0;
  export const hmacSha384 = 1;
  export const hmacSha512 = 2;
}
export class Tsig {
  at: i32 = 0;
  label: string = "";
  algorithm: i32 = 0;
  constructor(public key: BytesSlot) {}
}
export class Zone {
  at: i32 = 0;
  label: ZoneName = new ZoneName();
  role: i32 = 0;
  primary: Primary | null = null;
  secondary: Secondary | null = null;
  transfer: Transfer | null = null;
  query: Query | null = null;
}
export class Limits {
  at: i32 = 0;
  connections: i64 = 100;
  idle: u64 = 10000000000;
}
export class Version {
  str: string | null = null;
}
export class Config {
  at: i32 = 0;
  listen: Array<Socket> = [];
  identity: string | null = null;
  version: Version = new Version();
  udpSize: u64 = 1232;
  tcp: bool = true;
  rate: Rate | null = null;
  limits: Limits | null = null;
  tsig: Array<Tsig> = [];
  zone: Array<Zone> = [];
}
