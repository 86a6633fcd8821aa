import { Bytes } from "../core/bytes";
import { error } from "../core/report";
import { Config, Primary, Zone } from "./config";
import { Formats } from "./master/formats";
import { Reader } from "./master/reader";
import { bind } from "./needs/udp";
import { makeNotices } from "./notify/prepare";
import { access, notify, rate, secondary, tcp, transfer, tsig } from "./parts";
import { addCopy, isCopied, makeCopies } from "./secondary/prepare";
import { COURSES, make as makeCourses } from "./server/course";
import { makeAccess } from "./server/prepare";
import { setRate } from "./server/rate";
import { DnsResponder } from "./server/responder";
import { set } from "./settings";
import * as streams from "./stream/prepare";
import { makeTransfers } from "./transfer/prepare";
import { makeKeys } from "./tsig/prepare";
import { Checker } from "./zone/check";
import { Compiler } from "./zone/compile";
import { Inline } from "./zone/inline";
import { Model, NONE } from "./zone/model";
import { Name, nameFault, OK } from "./zone/name";
import { isReversible, reverseName } from "./zone/reverse";

/** Reads, checks and compiles every zone. After a mistake nothing is compiled: the mistakes have been reported. */
export function prepare(config: Config): void {
  set(<u32>config.udpSize, text(config.identity), text(config.version.str));
  const model = new Model();
  const formats = new Formats();
  let sound = true;
  for (let i = 0; i < config.zone.length; i++) {
    if (!readZone(model, formats, config, i)) sound = false;
  }
  if (!sound) return;
  new Compiler(model, formats).run();
  if (tsig) makeKeys(config);
  if (access) makeAccess(config);
  const limit = config.rate;
  if (rate && limit != null) setRate(limit.count, limit.per);
  if (secondary) makeCopies();
  if (transfer) makeTransfers(config);
  if (notify) makeNotices(config);
  listen(config);
}

function listen(config: Config): void {
  const responder = new DnsResponder(<u32>config.udpSize);
  if (tcp) streams.make(config);
  else if (COURSES) makeCourses(0);
  for (let i = 0; i < config.listen.length; i++) {
    const socket = config.listen[i];
    const ip = socket.ip;
    const high = ip == null ? 0 : ip.high;
    const low = ip == null ? 0 : ip.low;
    const port = <u32>socket.port;
    if (!bind(high, low, port, responder) || (tcp && !streams.take(high, low, port))) {
      error(
        "E0740",
        config.at,
        `port ${socket.port} is taken already, or \`listen\` has too many entries`,
        "",
      );
    }
  }
}

function readZone(model: Model, formats: Formats, config: Config, number: i32): bool {
  const zone = config.zone[number];
  const apex = new Name();
  if (!zoneName(zone, apex)) return false;
  if (model.zoneNamed(apex.bytes, 0, apex.length) != NONE || (secondary && isCopied(apex))) {
    error("E0729", zone.at, `the zone ${apex.text()} is given twice`, "put all its records into one");
    return false;
  }
  if (secondary && zone.secondary != null) {
    addCopy(config, number, apex);
    return true;
  }
  const primary = zone.primary;
  if (primary == null) return false;
  const index = model.addZone(apex, zone.at, number);
  const reader = new Reader(model, formats, index, apex);
  const master = primary.master;
  if (master != null) {
    if (!reader.read(master)) return false;
  } else if (!new Inline(model, index, apex, reader).add(primary)) return false;
  return new Checker(model, formats, index).run(model.nodeZone.length);
}

/** The name of a zone, or of the reverse zone that a prefix stands for. */
function zoneName(zone: Zone, out: Name): bool {
  const prefix = zone.label.cidr;
  if (prefix != null) {
    reverseName(prefix.ip, <i32>prefix.length, out);
    if (isReversible(prefix)) return true;
    error(
      "E0739",
      zone.at,
      "a reverse zone ends with a whole label: /8, /16 or /24, and multiples of 4 for IPv6",
      "name the zone in words, as RFC 2317 does",
    );
    return false;
  }
  const name = zone.label.domainName;
  const fault = out.parseAbsolute(name == null ? "." : name);
  if (fault == OK) return true;
  error("E0727", zone.at, nameFault(fault), "");
  return false;
}

/** A string with its length before it, as a TXT record has it; empty for none. */
function text(value: string | null): Bytes {
  if (value == null) return new Bytes(new StaticArray<u8>(0), 0, 0);
  const bytes = Uint8Array.wrap(String.UTF8.encode(value));
  const size = min(bytes.length, 255);
  const out = new StaticArray<u8>(size + 1);
  out[0] = <u8>size;
  for (let i = 0; i < size; i++) out[i + 1] = bytes[i];
  return new Bytes(out, 0, size + 1);
}
