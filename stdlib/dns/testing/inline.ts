/** Zones as a description would give them, with every kind of record that `dns.appl` has. */
import { Ip, Prefix } from "../../core/values";
import * as settings from "../config";

const HOUR: u64 = 3600000000000;

export function addInline(config: settings.Config): void {
  config.zone.push(forward());
  config.zone.push(reverse());
}

function forward(): settings.Zone {
  const primary = new settings.Primary();
  primary.at = 100;
  primary.ttl = HOUR;
  primary.soa = soa("ns1");
  primary.ns = ["ns1", "ns2.example.net"];
  primary.alias = [alias("blog", "www"), alias("docs", "pages.example.org")];
  const apex = host("@", ["192.0.2.80"]);
  apex.mx = [mx(10, "mail"), mx(20, "mx.example.net")];
  apex.txt = ["v=spf1 -all", "ü", "x".repeat(600)];
  const caa = new settings.Caa();
  caa.tag = "issue";
  caa.value = "ca.example.net";
  caa.critical = true;
  apex.caa = [caa];
  const www = host("www", ["192.0.2.81", "192.0.2.82"]);
  www.ttl = new settings.OptionalU64(300000000000);
  www.https = [service()];
  const child = host("dev", []);
  child.delegate = ["ns.dev.com.example.com", "ns.example.net"];
  const ds = new settings.Ds();
  ds.tag = 12345;
  ds.algorithm = 13;
  ds.hash = 2;
  ds.digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF";
  child.ds = [ds];
  const old = host("old", []);
  old.dname = "new.example.net";
  primary.host = [
    apex,
    www,
    child,
    old,
    services(),
    host("ns1", ["10.0.2.15"]),
    host("mail", ["192.0.2.25"]),
    host("*.wild.example.com", ["192.0.2.90"]),
    others(),
    host("ns.dev.com.example.com", ["192.0.2.91"]),
  ];
  return zone("example.com", primary);
}

function services(): settings.Host {
  const out = host("sip", ["192.0.2.60"]);
  const srv = new settings.Srv();
  srv.service = "_sip._tcp";
  srv.weight = 5;
  srv.port = 5060;
  srv.host = "sip";
  out.srv = [srv];
  const tlsa = new settings.Tlsa();
  tlsa.service = "_443._tcp";
  tlsa.digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  out.tlsa = [tlsa];
  const sshfp = new settings.Sshfp();
  sshfp.algorithm = 4;
  sshfp.fingerprint = "00ff";
  out.sshfp = [sshfp];
  const naptr = new settings.Naptr();
  naptr.order = 100;
  naptr.prio = 10;
  naptr.flags = "u";
  naptr.service = "E2U+sip";
  naptr.regexp = "!^.*$!sip:info@example.com!";
  out.naptr = [naptr];
  return out;
}

function others(): settings.Host {
  const out = host("other", []);
  out.record = [
    "LOC 52 22 23.000 N 4 53 32.000 E -2.00m",
    "TYPE65280 \\# 2 0a0b",
    'URI 10 1 "https://example.com/"',
    "RP admin txt.example.net.",
  ];
  const svcb = new settings.Svcb();
  svcb.prio = 0;
  svcb.target = "www";
  out.svcb = [svcb];
  return out;
}

function service(): settings.Svcb {
  const out = new settings.Svcb();
  out.alpn = ["h2", "h3"];
  out.port = new settings.OptionalU16(8443);
  out.hints = [ip("192.0.2.81")];
  out.mandatory = ["port", "alpn"];
  return out;
}

function reverse(): settings.Zone {
  const primary = new settings.Primary();
  primary.at = 200;
  primary.ttl = 24 * HOUR;
  primary.soa = soa("ns1.example.com");
  primary.ns = ["ns1.example.com"];
  primary.ptr = [
    new settings.PtrEntry(ip("192.0.2.25"), "mail.example.com"),
    new settings.PtrEntry(ip("192.0.2.80"), "localhost"),
  ];
  const out = zone("", primary);
  out.label.domainName = null;
  out.label.cidr = new Prefix(ip("192.0.2.0"), 24);
  return out;
}

function zone(name: string, primary: settings.Primary): settings.Zone {
  const out = new settings.Zone();
  out.at = 50;
  out.label.domainName = name;
  out.primary = primary;
  return out;
}

function soa(mname: string): settings.Soa {
  const out = new settings.Soa();
  out.at = 101;
  out.mname = mname;
  out.rname = "host.master@example.com";
  out.serial.tag = 1;
  out.serial.at = 2026112101;
  out.refresh = 2 * HOUR;
  out.retry = HOUR / 4;
  out.expire = 336 * HOUR;
  out.negativeTtl = HOUR / 12;
  return out;
}

function host(label: string, addresses: Array<string>): settings.Host {
  const out = new settings.Host();
  out.at = 110;
  out.label = label;
  for (let i = 0; i < addresses.length; i++) out.address.push(ip(addresses[i]));
  return out;
}

function ip(text: string): Ip {
  const bytes = new StaticArray<u8>(16);
  const parts = text.split(".");
  for (let i = 0; i < 4; i++) bytes[i] = <u8>I32.parseInt(parts[i]);
  return new Ip(4, bytes);
}

function mx(prio: i64, host: string): settings.Mx {
  const out = new settings.Mx();
  out.at = 111;
  out.prio = prio;
  out.host = host;
  return out;
}

function alias(key: string, value: string): settings.AliasEntry {
  const out = new settings.AliasEntry();
  out.key = key;
  out.value = value;
  return out;
}
