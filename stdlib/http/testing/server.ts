/** The server on a scripted transport, for tests. */
import { Bytes } from "../../core/bytes";
import { DirFile, File } from "../../core/values";
import { set as setClock } from "../../net/simulation/clock";
import { set as setWall } from "../../net/simulation/wall";
import { Ended, Session, Stream } from "../../net/tcp";
import { set as setLimits } from "../limits";
import { make as makeHeads } from "../request/heads";
import { HttpAcceptor } from "../server/acceptor";
import { set as setRate } from "../server/clients";
import { count, make, poll } from "../server/waiting";
import { reset } from "../server/wall";
import { FolderOptions, installAll, SiteBuilder } from "../site/builder";
import { Packer } from "../site/packer";
import { bytesOf } from "../site/text";

const MOST: u32 = 1 << 20;
const input = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
const piece = new Bytes(new StaticArray<u8>(0), 0, 0);
const output = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);

/** What was sent is in `output` until the test takes it. */
@final
class Script extends Stream {
  session: Session | null = null;
  room: u32 = u32.MAX_VALUE;
  sent: u32 = 0;
  isClosed: bool = false;
  isAborted: bool = false;
  /** Received and not taken: from here to there of `input`. */
  from: u32 = 0;
  end: u32 = 0;

  send(bytes: Bytes, offset: u32, length: u32): bool {
    if (this.isClosed || this.room == 0) return false;
    if (this.room != u32.MAX_VALUE) this.room -= 1;
    output.copy(this.sent, bytes, offset, length);
    this.sent += length;
    return true;
  }
  write(bytes: Bytes, offset: u32, length: u32): bool {
    return this.send(bytes, offset, length);
  }
  hasRoom(): bool {
    return this.room > 0;
  }
  queued(): u32 {
    return 0;
  }
  close(): void {
    this.isClosed = true;
  }
  abort(): void {
    this.isAborted = true;
  }
  watch(_silence: u64): void {}
  resume(): void {
    const session = this.session;
    if (session == null) return;
    while (this.from < this.end && !this.isAborted) {
      piece.window(input, this.from, this.end - this.from);
      const taken = session.receive(piece);
      this.from += taken;
      if (taken == 0) break;
    }
  }
}

let script = new Script();
let builders: SiteBuilder[] = [];
let builder: SiteBuilder = new SiteBuilder(0, new Packer(false, false));
let packer = new Packer(false, false);
let options = new FolderOptions();
let files: DirFile[] = [];
const acceptor = new HttpAcceptor(false);

export function inputAt(): usize {
  return input.pointer(0, 1);
}
export function outputAt(): usize {
  return output.pointer(0, 1);
}

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
  script = new Script();
  script.low = low;
  const session = acceptor.accept(script);
  script.session = session;
  return session != null;
}
/** Bytes of the input arrive. */
export function arrive(from: u32, length: u32): void {
  if (script.from == script.end) script.from = from;
  script.end = from + length;
  script.resume();
}
export function setRoom(pieces: u32): void {
  script.room = pieces;
  if (pieces > 0 && !script.isAborted && script.session != null) script.session!.writable();
}
export function taken(): u32 {
  const size = script.sent;
  script.sent = 0;
  return size;
}
export function isClosed(): bool {
  return script.isClosed;
}
export function isAborted(): bool {
  return script.isAborted;
}
export function finish(): void {
  script.session!.finished();
}
export function endIt(): void {
  if (!script.isAborted) script.session!.ended(Ended.closed);
}
export function connections(): u32 {
  return count();
}
