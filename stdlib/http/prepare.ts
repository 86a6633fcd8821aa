/** Makes sites of what the description says. */

import { Bytes } from "../core/bytes";
import { isSmall } from "../core/machine";
import { error } from "../core/report";
import { Socket } from "../core/values";
import { Format } from "./access/format";
import { set as setAccess } from "./access/limits";
import { setFormat } from "./access/line";
import {
  Cache,
  Coding,
  Config,
  Etag,
  Files,
  Method,
  On,
  Server,
  Sockets,
  Format as Wanted,
  Who,
} from "./config";
import { set as setLimits } from "./limits";
import { limit as limitTcp, listen, reserve } from "./needs/tcp";
import { action, auth, json } from "./parts";
import { make as makeHeads } from "./request/heads";
import { HttpAcceptor } from "./server/acceptor";
import { set as setRate } from "./server/clients";
import { make } from "./server/waiting";
import { FolderOptions, installAll, SiteBuilder } from "./site/builder";
import { Rule } from "./site/fields";
import { Packer } from "./site/packer";
import { bytesOf } from "./site/text";
import { doorOf, stateOf } from "./things/build";
import { Deed } from "./things/deed";

/** Bytes that a client may send before the server has looked at them. */
const WINDOW: u32 = isSmall ? 4096 : 16384;
/** Bytes for what all clients have sent and all copies of what is sent to them: heads, since files are sent from where they are. */
const MEMORY: u32 = isSmall ? 16384 : 524288;
/** Of these on a small machine for each connection at least. */
const EACH: u32 = 1024;
/** Places for heads that come in pieces. */
const HEADS: u32 = isSmall ? 2 : 32;
/** Bytes for them on a small machine, if heads are that short. */
const HEADS_ROOM: u32 = 8192;
/** Connections beyond the limit, which hear that there are too many. */
const MORE: u32 = isSmall ? 4 : 16;
const CONNECTIONS: u32 = isSmall ? 16 : 4096;
const HEADER: u32 = isSmall ? 4096 : 16384;
/** Connections that are only begun have places beside all others: they never keep those out that are open. With more of them TCP uses cookies. */
const MOST_BEGUN: u32 = 256;
/** Of those, and of one address's. */
const LEAST: u32 = isSmall ? 8 : 16;
const SECOND: u64 = 1_000_000_000;

export function prepare(config: Config): void {
  limit(config);
  log(config);
  const packer = new Packer(config.compress.includes(Coding.br), config.compress.includes(Coding.gzip));
  const builders: SiteBuilder[] = [];
  for (let n = 0; n < config.server.length; n++) {
    const builder = new SiteBuilder(<u32>builders.length, packer);
    build(builder, config.server[n]);
    builders.push(builder);
  }
  installAll(builders, packer);
  const sockets = socketsOf(config.listen.plain);
  const acceptor = new HttpAcceptor(false);
  for (let n = 0; n < sockets.length; n++) {
    const ip = sockets[n].ip;
    const high = ip == null ? 0 : ip.high;
    const low = ip == null ? 0 : ip.low;
    const isTaken = !listen(high, low, <u32>sockets[n].port, acceptor);
    if (isTaken) error("E0767", config.listen.at, `port ${sockets[n].port} is taken already`, "");
  }
}

function limit(config: Config): void {
  const limits = config.limits;
  let connections = CONNECTIONS;
  let head = HEADER;
  if (limits == null) {
    setLimits(head, 0, 30 * SECOND, 10 * SECOND);
    setRate(100, SECOND);
  } else {
    connections = <u32>limits.connections;
    head = <u32>limits.header;
    setLimits(head, limits.body, limits.idle, limits.request);
    const rate = limits.perClient;
    if (rate != null && rate.count > 0) setRate(rate.count, rate.per);
  }
  const places = isSmall ? max(min(HEADS, HEADS_ROOM / head), 1) : HEADS;
  makeHeads(min(places, connections), head);
  make(connections, MORE);
  const begun = min(MOST_BEGUN, max(connections / 4, LEAST));
  reserve(connections + MORE + begun, WINDOW, isSmall ? max(MEMORY, connections * EACH) : MEMORY);
  limitTcp(begun, max(connections / 2, LEAST));
}

function log(config: Config): void {
  const access = config.log;
  if (access == null) return;
  setAccess(<u32>access.sample, <u32>access.from, <u64>access.rate);
  if (access.format == Wanted.json) setFormat(Format.json);
  else setFormat(access.format == Wanted.common ? Format.common : Format.combined);
}

function socketsOf(sockets: Sockets): Socket[] {
  const list = sockets.list;
  if (list != null) return list;
  const one = sockets.socketAddr;
  return one == null ? [] : [one];
}

function build(builder: SiteBuilder, server: Server): void {
  const site = builder.site;
  site.isSecure = server.on == On.secure;
  const names = server.names;
  site.names = new StaticArray<Bytes>(names.length);
  for (let n = 0; n < names.length; n++) {
    const name = names[n].toLowerCase();
    site.names[n] = bytesOf(name.endsWith(".") ? name.substring(0, name.length - 1) : name);
  }
  for (let n = 0; n < server.cache.length; n++) keep(builder.rule(server.cache[n].label), server.cache[n]);
  for (let n = 0; n < server.header.length; n++) {
    const header = server.header[n];
    const rule = builder.rule(header.label);
    for (let m = 0; m < header.set_.length; m++) {
      rule.names.push(header.set_[m].key);
      rule.values.push(header.set_[m].value);
    }
    rule.unset = header.unset;
  }
  for (let n = 0; n < server.redirect.length; n++) {
    const redirect = server.redirect[n];
    const regex = redirect.label.regex;
    const pattern = regex == null ? redirect.label.pattern! : regex;
    builder.redirect(pattern, regex != null, redirect.to, <i32>redirect.status);
  }
  for (let n = 0; n < server.reply.length; n++) {
    const reply = server.reply[n];
    builder.reply(reply.label, <i32>reply.status, reply.body, reply.media);
  }
  if (json) {
    for (let n = 0; n < server.json.length; n++) {
      const each = server.json[n];
      const page = builder.add(each.label);
      if (page == null) continue;
      page.state = stateOf(builder.stateHead(each.label), each.value, each.at);
      if (!auth) continue;
      page.door = doorOf(each.auth);
      site.wantsToken = builder.wantsToken();
    }
  }
  if (action) {
    site.done = builder.done();
    site.wantsToken = builder.wantsToken();
    for (let n = 0; n < server.action.length; n++) {
      const each = server.action[n];
      const page = builder.add(each.label);
      if (page == null) continue;
      const isPut = each.method == Method.put;
      const allow = isPut ? "PUT, OPTIONS" : "POST, OPTIONS";
      const notAllowed = builder.notAllowed(allow);
      const options = builder.options(allow);
      page.deed = new Deed(doorOf(each.auth), isPut, each.pulse, each.length, notAllowed, options);
    }
  }
  for (let n = 0; n < server.files.length; n++) folder(builder, server.files[n]);
}

/** RFC 9111 5.2.2, RFC 8246, RFC 5861. */
function keep(rule: Rule, cache: Cache): void {
  let value = cache.who == Who.shared ? "public" : "private";
  if (cache.who == Who.none) value = "no-store";
  else {
    value += `, max-age=${cache.maxAge / SECOND}`;
    if (cache.immutable) value += ", immutable";
    if (cache.stale > 0) value += `, stale-while-revalidate=${cache.stale / SECOND}`;
  }
  rule.names.push("Cache-Control");
  rule.values.push(value);
}

function folder(builder: SiteBuilder, files: Files): void {
  const options = new FolderOptions();
  options.index = files.index;
  const notFound = files.notFound;
  if (notFound != null) options.notFound = notFound;
  options.hasTags = files.etag != Etag.none;
  options.hasRanges = files.ranges;
  options.charset = files.charset;
  options.isClean = files.clean;
  options.isHidden = files.hidden;
  const modified = files.modified;
  if (modified != null) options.modified = modified.value;
  builder.files(files.label, options, files.root.files);
}
