/** The server on a scripted transport, for tests. */
import { DirFile, File } from "../../core/values";
import { set as setClock } from "../../net/simulation/clock";
import { openTo } from "../../net/simulation/tcp";
import { set as setWall } from "../../net/simulation/wall";
import { set as setLimits } from "../limits";
import { make as makeHeads } from "../request/heads";
import { HttpAcceptor } from "../server/acceptor";
import { set as setRate } from "../server/clients";
import { count, make, poll } from "../server/waiting";
import { reset } from "../server/wall";
import { FolderOptions, installAll, SiteBuilder } from "../site/builder";
import { Packer } from "../site/packer";
import { bytesOf } from "../site/text";

export {
  arrive,
  endIt,
  finish,
  inputAt,
  isAborted,
  isClosed,
  outputAt,
  setRoom,
  taken,
} from "../../net/simulation/tcp";

let builders: SiteBuilder[] = [];
let builder: SiteBuilder = new SiteBuilder(0, new Packer(false, false));
let packer = new Packer(false, false);
let options = new FolderOptions();
let files: DirFile[] = [];
const acceptor = new HttpAcceptor(false);

export function beginSites(hasBr: bool, hasGzip: bool): void {
  packer = new Packer(hasBr, hasGzip);
  builders = [];
}
export function beginSite(name: string): void {
  builder = new SiteBuilder(<u32>builders.length, packer);
  if (name.length > 0) builder.site.names = [bytesOf(name)];
  builders.push(builder);
  files = [];
  options = new FolderOptions();
}
export function setHeader(pattern: string, name: string, value: string): void {
  const rule = builder.rule(pattern);
  rule.names.push(name);
  rule.values.push(value);
}
export function addRedirect(text: string, isRegex: bool, to: string, status: i32): void {
  builder.redirect(text, isRegex, to, status);
}
export function addReply(pattern: string, status: i32, body: string): void {
  builder.reply(pattern, status, body, "text/plain");
}
export function addFile(path: string, media: string, hash: string, body: string, index: i32): void {
  const encoded = Uint8Array.wrap(String.UTF8.encode(body));
  const bytes = new StaticArray<u8>(encoded.length);
  for (let n = 0; n < encoded.length; n++) bytes[n] = encoded[n];
  files.push(new DirFile(path, media, hash, false, new File(path, bytes, index)));
}
export function addFolder(mount: string, notFound: string, modified: i64): void {
  options.notFound = notFound;
  options.modified = modified;
  builder.files(mount, options, files);
}
export function finishSites(connections: u32, more: u32): void {
  installAll(builders, packer);
  setLimits(4096, 64, 30_000_000_000, 10_000_000_000);
  makeHeads(4, 8192);
  make(connections, more);
}
export function limitClients(each: u64): void {
  setRate(each, 1_000_000_000);
}

export function setTime(now: u64): void {
  setClock(now);
  poll(now);
}
/** The clock shows so many nanoseconds since 1970, and is asked with the next answer. */
export function setDate(time: u64): void {
  setWall(time);
  reset();
}

/** Another connection; false when it is not taken. */
export function connect(low: u64): bool {
  return openTo(acceptor, low);
}
export function connections(): u32 {
  return count();
}
