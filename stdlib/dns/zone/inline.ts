import { error } from "../../core/report";
import { Ip } from "../../core/values";
import { Caa, Ds, Host, Mx, Naptr, Primary, Soa, Srv, Sshfp, Svcb, Tlsa } from "../config";
import { hexadecimal } from "../master/encodings";
import { Reader } from "../master/reader";
import { ServiceParameters } from "../master/service-parameters";
import * as types from "../types";
import { Growing } from "./growing";
import { Model, NONE } from "./model";
import { Name, nameFault, OK } from "./name";
import { reverseName } from "./reverse";

const SECOND: u64 = 1000000000;

/** Puts the records that the description gives for one zone into the model. */
@final
export class Inline {
  private readonly model: Model;
  private readonly zone: i32;
  private readonly apex: Name;
  private readonly reader: Reader;
  private readonly owner: Name = new Name();
  private readonly target: Name = new Name();
  private readonly value: Growing = new Growing(512);
  private at: i32 = 0;
  private ttl: u32 = 0;
  private sound: bool = true;

  constructor(model: Model, zone: i32, apex: Name, reader: Reader) {
    this.model = model;
    this.zone = zone;
    this.apex = apex;
    this.reader = reader;
  }

  /** Adds all of it; false after a mistake. */
  add(primary: Primary): bool {
    const ttl = <u32>(primary.ttl / SECOND);
    this.ttl = ttl;
    this.at = primary.at;
    const soa = primary.soa;
    if (soa != null) this.soa(soa);
    this.owner.set(this.apex);
    this.at = primary.at;
    for (let i = 0; i < primary.ns.length; i++) this.nameRecord(types.NS, primary.ns[i]);
    for (let i = 0; i < primary.alias.length; i++) {
      const entry = primary.alias[i];
      if (this.own(entry.key)) this.nameRecord(types.CNAME, entry.value);
    }
    for (let i = 0; i < primary.ptr.length; i++) {
      const entry = primary.ptr[i];
      reverseName(entry.key, 8 * (entry.key.family == 4 ? 4 : 16), this.owner);
      if (this.inside()) this.nameRecord(types.PTR, absolute(entry.value));
    }
    for (let i = 0; i < primary.host.length; i++) this.host(primary.host[i], ttl);
    return this.sound;
  }

  private soa(soa: Soa): void {
    this.at = soa.at;
    this.owner.set(this.apex);
    this.value.length = 0;
    if (!this.pushName(soa.mname) || !this.pushMailbox(soa.rname)) return;
    this.value.be32(<u32>soa.serial.at);
    this.value.be32(<u32>(soa.refresh / SECOND));
    this.value.be32(<u32>(soa.retry / SECOND));
    this.value.be32(<u32>(soa.expire / SECOND));
    this.value.be32(<u32>(soa.negativeTtl / SECOND));
    this.put(types.SOA);
  }

  private host(host: Host, ttl: u32): void {
    this.at = host.at;
    const own = host.ttl;
    this.ttl = own == null ? ttl : <u32>(own.value / SECOND);
    if (!this.own(host.label)) return;
    for (let i = 0; i < host.address.length; i++) this.address(host.address[i]);
    for (let i = 0; i < host.mx.length; i++) this.mx(host.mx[i]);
    for (let i = 0; i < host.txt.length; i++) this.txt(host.txt[i]);
    for (let i = 0; i < host.caa.length; i++) this.caa(host.caa[i]);
    for (let i = 0; i < host.sshfp.length; i++) this.sshfp(host.sshfp[i]);
    for (let i = 0; i < host.naptr.length; i++) this.naptr(host.naptr[i]);
    for (let i = 0; i < host.svcb.length; i++) this.svcb(types.SVCB, host.svcb[i]);
    for (let i = 0; i < host.https.length; i++) this.svcb(types.HTTPS, host.https[i]);
    this.at = host.at;
    for (let i = 0; i < host.ptr.length; i++) this.nameRecord(types.PTR, host.ptr[i]);
    for (let i = 0; i < host.delegate.length; i++) this.nameRecord(types.NS, host.delegate[i]);
    const dname = host.dname;
    if (dname != null) this.nameRecord(types.DNAME, dname);
    for (let i = 0; i < host.ds.length; i++) this.ds(host.ds[i]);
    for (let i = 0; i < host.record.length; i++) this.text(host.record[i], host.at);
    for (let i = 0; i < host.srv.length; i++) this.srv(host.srv[i]);
    for (let i = 0; i < host.tlsa.length; i++) this.tlsa(host.tlsa[i]);
  }

  private address(ip: Ip): void {
    this.value.length = 0;
    this.value.append(ip.bytes, 0, ip.family == 4 ? 4 : 16);
    this.put(ip.family == 4 ? types.A : types.AAAA);
  }

  private mx(mx: Mx): void {
    this.at = mx.at;
    this.value.length = 0;
    this.value.be16(<i32>mx.prio);
    if (this.pushName(mx.host)) this.put(types.MX);
  }

  /** A long text becomes several strings (RFC 1035 3.3.14, RFC 7208 3.3). */
  private txt(text: string): void {
    const bytes = Uint8Array.wrap(String.UTF8.encode(text));
    this.value.length = 0;
    let i = 0;
    do {
      const size = min(255, bytes.length - i);
      this.value.u8(size);
      for (let k = 0; k < size; k++) this.value.u8(<i32>bytes[i + k]);
      i += size;
    } while (i < bytes.length);
    this.put(types.TXT);
  }

  private caa(caa: Caa): void {
    this.at = caa.at;
    this.value.length = 0;
    this.value.u8(caa.critical ? 128 : 0);
    if (!this.pushString(caa.tag)) return;
    this.value.ascii(caa.value);
    this.put(types.CAA);
  }

  private sshfp(sshfp: Sshfp): void {
    this.at = sshfp.at;
    this.value.length = 0;
    this.value.u8(<i32>sshfp.algorithm);
    this.value.u8(<i32>sshfp.hash);
    if (this.pushHex(sshfp.fingerprint)) this.put(types.SSHFP);
  }

  private ds(ds: Ds): void {
    this.at = ds.at;
    this.value.length = 0;
    this.value.be16(<i32>ds.tag);
    this.value.u8(<i32>ds.algorithm);
    this.value.u8(<i32>ds.hash);
    if (this.pushHex(ds.digest)) this.put(types.DS);
  }

  private naptr(naptr: Naptr): void {
    this.at = naptr.at;
    this.value.length = 0;
    this.value.be16(<i32>naptr.order);
    this.value.be16(<i32>naptr.prio);
    if (!this.pushString(naptr.flags) || !this.pushString(naptr.service) || !this.pushString(naptr.regexp))
      return;
    const replacement = naptr.replacement;
    if (replacement == null) this.value.u8(0);
    else if (!this.pushName(replacement)) return;
    this.put(types.NAPTR);
  }

  private srv(srv: Srv): void {
    this.at = srv.at;
    this.value.length = 0;
    this.value.be16(<i32>srv.prio);
    this.value.be16(<i32>srv.weight);
    this.value.be16(<i32>srv.port);
    if (this.pushName(srv.host)) this.putBelow(srv.service, types.SRV);
  }

  private tlsa(tlsa: Tlsa): void {
    this.at = tlsa.at;
    this.value.length = 0;
    this.value.u8(<i32>tlsa.usage);
    this.value.u8(<i32>tlsa.selector);
    this.value.u8(<i32>tlsa.matching);
    if (this.pushHex(tlsa.digest)) this.putBelow(tlsa.service, types.TLSA);
  }

  private svcb(type: i32, svcb: Svcb): void {
    this.at = svcb.at;
    this.value.length = 0;
    this.value.be16(<i32>svcb.prio);
    const target = svcb.target;
    if (target == null) this.value.u8(0);
    else if (!this.pushName(target)) return;
    const parameters = new ServiceParameters();
    let fault = addList(parameters, "mandatory", svcb.mandatory);
    if (fault.length == 0) fault = addList(parameters, "alpn", svcb.alpn);
    if (fault.length == 0 && svcb.noDefaultAlpn) fault = addText(parameters, "no-default-alpn");
    const port = svcb.port;
    if (port != null) {
      const value = new Growing(2);
      value.be16(<i32>port.value);
      parameters.put(3, value);
    }
    this.hints(parameters, svcb.hints, 4, 4);
    this.hints(parameters, svcb.hints, 6, 6);
    if (fault.length == 0) fault = parameters.emit(this.value);
    if (fault.length > 0) this.wrong("E0735", svcb.at, fault, "");
    else this.put(type);
  }

  private hints(parameters: ServiceParameters, hints: Array<Ip>, family: i32, key: i32): void {
    const value = new Growing(16);
    for (let i = 0; i < hints.length; i++) {
      if (<i32>hints[i].family == family) value.append(hints[i].bytes, 0, family == 4 ? 4 : 16);
    }
    if (value.length > 0) parameters.put(key, value);
  }

  private text(text: string, at: i32): void {
    const fault = this.reader.readRecord(this.owner, this.ttl, text, at);
    if (fault.length > 0) this.wrong("E0735", at, `${fault}: \`${text}\``, "");
  }

  private nameRecord(type: i32, target: string): void {
    this.value.length = 0;
    if (this.pushName(target)) this.put(type);
  }

  /** Makes `owner` the name that the description calls so. */
  private own(text: string): bool {
    return this.resolve(text, this.owner) && this.inside();
  }

  private inside(): bool {
    if (this.owner.within(this.apex)) return true;
    const zone = this.model.nodeText(this.model.zoneApex[this.zone]);
    const name = this.owner.text();
    this.wrong(
      "E0722",
      this.at,
      `\`${name}\` lies outside of the zone ${zone}`,
      `a name with a dot is absolute: \`${name}.${zone}\` would be inside`,
    );
    return false;
  }

  private resolve(text: string, into: Name): bool {
    let fault = OK;
    if (text == "@") into.set(this.apex);
    else if (text.includes(".")) fault = into.parseAbsolute(text);
    else {
      into.set(this.apex);
      fault = into.prefix(text);
    }
    if (fault == OK) return true;
    this.wrong("E0727", this.at, `\`${text}\`: ${nameFault(fault)}`, "");
    return false;
  }

  private pushName(text: string): bool {
    if (!this.resolve(text, this.target)) return false;
    this.value.append(this.target.bytes, 0, this.target.length);
    return true;
  }

  /** `a.b@example.com` is the name with the labels `a.b`, `example`, `com`. RFC 1035 8. */
  private pushMailbox(address: string): bool {
    const middle = address.lastIndexOf("@");
    const local = address.substring(0, middle);
    if (middle < 1 || local.length > 63) {
      this.wrong("E0727", this.at, `\`${address}\`: what stands before the @ has 1 to 63 bytes here`, "");
      return false;
    }
    this.value.u8(local.length);
    this.value.ascii(local);
    return this.pushName(absolute(address.substring(middle + 1)));
  }

  private pushString(text: string): bool {
    const bytes = Uint8Array.wrap(String.UTF8.encode(text));
    if (bytes.length > 255) {
      this.wrong("E0727", this.at, `this text has ${bytes.length} bytes, and it holds at most 255`, "");
      return false;
    }
    this.value.u8(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.value.u8(<i32>bytes[i]);
    return true;
  }

  private pushHex(text: string): bool {
    const digits = new Growing(text.length + 1);
    digits.ascii(text);
    if (text.length > 0 && hexadecimal(digits, this.value)) return true;
    this.wrong("E0735", this.at, "this is not hexadecimal", "");
    return false;
  }

  /** The value at hand as a record of `_service._protocol` before the owner. */
  private putBelow(labels: string, type: i32): void {
    const name = new Name();
    name.set(this.owner);
    const fault = name.prefix(labels);
    if (fault == OK)
      this.model.add(this.model.node(this.zone, name), type, this.ttl, this.value, NONE, this.at, 0);
    else this.wrong("E0727", this.at, `\`${labels}\`: ${nameFault(fault)}`, "");
  }

  private wrong(code: string, at: i32, message: string, help: string): void {
    this.sound = false;
    error(code, at, message, help);
  }

  private put(type: i32): void {
    this.model.add(this.model.node(this.zone, this.owner), type, this.ttl, this.value, NONE, this.at, 0);
  }
}

function addList(parameters: ServiceParameters, key: string, list: Array<string>): string {
  return list.length == 0 ? "" : addText(parameters, `${key}=${list.join(",")}`);
}

function addText(parameters: ServiceParameters, text: string): string {
  const bytes = new Growing(text.length + 1);
  bytes.ascii(text);
  return parameters.add(bytes.bytes, 0, bytes.length);
}

/** A name that is not relative to the zone, though it may have no dot. */
function absolute(name: string): string {
  return name.includes(".") ? name : `${name}.`;
}
