/** Finds the answer to a request: its head in `writer.ts`, its body as a place in the image. */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";
import { Sums } from "../../core/sums";
import { bodyMost } from "../limits";
import * as switches from "../needs/outputs";
import { action, auth, json } from "../parts";
import { caught, matches, NOWHERE } from "../pattern/match";
import { sameText, sameWord } from "../request/characters";
import { Field, Method, NOTED, Request } from "../request/request";
import { decide } from "../response/conditions";
import { negotiate } from "../response/negotiate";
import { PARTS, Ranges } from "../response/ranges";
import { Resource, UNDATED, Variant } from "../response/resource";
import { find, Message, nobody, Page, PartKind, Redirect, Site, sites } from "../site/model";
import { canonical } from "../site/path";
import { Status } from "../status";
import { Deed } from "../things/deed";
import { Door, Kind, Verdict } from "../things/door";
import * as guard from "../things/guard";
import * as values from "../things/state";
import { State } from "../things/state";
import { contentRange, encoding, envelope } from "./envelope";
import { sameHost } from "./host";
import { dateLine, seconds } from "./wall";
import * as writer from "./writer";

/** Room for a path: a first line is no longer. */
const PATH_MOST: u32 = isSmall ? 2048 : 8192;
const path = new Bytes(new StaticArray<u8>(<i32>PATH_MOST), 0, PATH_MOST);
let pathLength: u32 = 0;

const nothing = new Bytes(new StaticArray<u8>(0), 0, 0);

/** The answer that was found last. */
export let status: u32 = 0;
export let body: Bytes = nothing;
export let from: u32 = 0;
export let length: u32 = 0;
/** Bytes of the answer's body, wherever they are. */
export let size: u32 = 0;
export let sums: Sums | null = null;
/** Of several parts; then `ranges` has them. */
export let parts: Variant | null = null;
export let isClosing: bool = false;
/** What the answer depends on beside what is asked for: the minor version, and whether it is HEAD. */
let minor: u32 = 1;
let isHead: bool = false;
/** It is not known yet whether this client may: then this is what he wants. */
export let isWaiting: bool = false;
export let waitingFor: Deed | null = null;
export let waitingState: State | null = null;
export let waitingSite: Site = nobody;
export const ranges = new Ranges(new StaticArray<u32>(<i32>PARTS), new StaticArray<u32>(<i32>PARTS));

/** Finds what to say to this request; `now` in nanoseconds. */
export function answer(request: Request, isSecure: bool, now: u64): void {
  isWaiting = false;
  minor = request.minor;
  isHead = request.method == Method.head;
  isClosing = !request.isPersistent || request.length > bodyMost || request.expectsContinue;
  const number = siteOf(request, isSecure);
  const site = number < 0 ? nobody : sites[number];
  if (request.method == Method.other) say(site.error(Status.notImplemented), now);
  else if (number < 0) say(nobody.error(Status.misdirected), now);
  else if (request.expectsOther) say(site.error(Status.expectationFailed), now);
  else if (request.method == Method.known) known(request, <u32>number, site, now);
  else if (request.length > bodyMost) say(site.error(Status.tooLarge), now);
  else if (request.method == Method.options) options(request, <u32>number, site, now);
  else get(request, <u32>number, site, now);
}

/** What the server says without having understood a request: the connection ends with it. */
export function refuse(code: u32, now: u64): void {
  resume(1, false, true);
  write(nobody.error(code));
  end(now);
  send(nobody.error(code).body, 0, nobody.error(code).body.length, null);
}

/** The first site of that name, else the one for every name; -1 if there is none. */
function siteOf(request: Request, isSecure: bool): i32 {
  let other = -1;
  for (let n = 0; n < sites.length; n++) {
    const site = sites[n];
    if (site.isSecure != isSecure) continue;
    if (site.names.length == 0) other = n;
    for (let m = 0; m < site.names.length; m++) if (sameHost(request, site.names[m])) return n;
  }
  return other;
}

/** A method that changes something: only where something is done. */
function known(request: Request, number: u32, site: Site, now: u64): void {
  if (!action) return say(site.error(Status.methodNotAllowed), now);
  const page = pageOf(request, number);
  let deed: Deed | null = null;
  if (page != null) deed = page.deed;
  if (deed == null) return say(site.error(Status.methodNotAllowed), now);
  if (!sameText(request.bytes, request.methodAt, request.methodLength, deed.isPut ? "PUT" : "POST"))
    return say(deed.notAllowed, now);
  if (request.length > bodyMost) return say(site.error(Status.tooLarge), now);
  // A page of somebody else has made the browser ask: https://www.w3.org/TR/fetch-metadata/
  const line = request.find(Field.fetchSite, 0);
  if (line != NOTED && sameWord(request.bytes, request.at(line), request.lengthOf(line), "cross-site"))
    return say(site.error(Status.forbidden), now);
  const verdict = auth ? guard.judge(request, deed.door) : Verdict.granted;
  if (verdict == Verdict.later) {
    isWaiting = true;
    waitingFor = deed;
    waitingSite = site;
    return;
  }
  if (verdict == Verdict.busy) return say(site.error(Status.unavailable), now);
  if (verdict == Verdict.denied) return say(denied(deed.door, site), now);
  perform(deed);
  say(site.done, now);
}

function denied(door: Door, site: Site): Message {
  return door.kind == Kind.bearer ? site.wantsToken : site.error(Status.unauthorized);
}

function perform(deed: Deed): void {
  if (action) switches.pulse(deed.output, deed.length);
}

/** Others have asked since: what comes is for somebody who asked so. */
export function resume(version: u32, isForHead: bool, closes: bool): void {
  minor = version;
  isHead = isForHead;
  isClosing = closes;
}

/** What `guard` has found out later is done and said; null: the values of a path are asked for. */
export function finish(isGranted: bool, deed: Deed | null, state: State | null, site: Site, now: u64): void {
  if (isGranted && deed == null && state != null) return tell(state, now);
  if (isGranted && deed != null) perform(deed);
  say(isGranted ? site.done : site.error(Status.unauthorized), now);
}

function pageOf(request: Request, number: u32): Page | null {
  if (request.pathLength == 0) {
    path.setU8(0, 47);
    pathLength = 1;
  } else pathLength = canonical(request.bytes, request.pathAt, request.pathLength, path);
  return find(number, path, pathLength);
}

function options(request: Request, number: u32, site: Site, now: u64): void {
  const page = action && !request.isAsterisk ? pageOf(request, number) : null;
  say(page != null && page.deed != null ? page.deed!.options : site.options, now);
}

function get(request: Request, number: u32, site: Site, now: u64): void {
  const page = pageOf(request, number);
  if (action && page != null && page.deed != null) return say(page.deed!.notAllowed, now);
  if (auth && page != null && page.state != null && page.door != null) {
    const verdict = guard.judge(request, page.door!);
    if (verdict == Verdict.busy) return say(site.error(Status.unavailable), now);
    if (verdict == Verdict.denied) return say(denied(page.door!, site), now);
    if (verdict == Verdict.later) {
      isWaiting = true;
      waitingFor = null;
      waitingState = page.state;
      waitingSite = site;
      return;
    }
  }
  if (page != null) {
    const resource = page.resource;
    const message = page.message;
    if (resource != null) show(request, resource, site, now);
    else if (message != null) say(message, now);
    else if (json && page.state != null) tell(page.state!, now);
    else move(request, site, page.location!, now);
    return;
  }
  for (let n = 0; n < site.redirects.length; n++) {
    if (!matches(site.redirects[n].program, path, pathLength)) continue;
    redirect(request, site.redirects[n], now);
    return;
  }
  for (let n = 0; n < site.replies.length; n++) {
    if (!matches(site.replies[n].program, path, pathLength)) continue;
    say(site.replies[n].message, now);
    return;
  }
  missing(request, site, now);
}

function missing(request: Request, site: Site, now: u64): void {
  for (let n = 0; n < site.mounts.length; n++) {
    const mount = site.mounts[n];
    const size = mount.prefix.length;
    const resource = mount.missing;
    if (resource == null || pathLength < size || !path.equals(0, mount.prefix, 0, size)) continue;
    status = Status.notFound;
    whole(negotiate(request, resource), now);
    return;
  }
  say(site.error(Status.notFound), now);
}

/** RFC 9110 13.2 and what follows from it. */
function show(request: Request, resource: Resource, site: Site, now: u64): void {
  const variant = negotiate(request, resource);
  const time = seconds(now);
  status = decide(request, resource, variant, time == UNDATED ? 0 : time, ranges);
  if (status == Status.ok) whole(variant, now);
  else if (status == Status.partial) partial(variant, now);
  else if (status == Status.notModified) {
    writer.begin();
    writer.text("HTTP/1.1 304 Not Modified\r\n");
    writer.put(variant.head, variant.common, variant.content - variant.common);
    end(now);
    send(nothing, 0, 0, null);
  } else {
    const message = site.error(status);
    write(message);
    // RFC 9110 15.5.17: how much there is.
    if (status == Status.rangeNotSatisfiable) {
      writer.text("Content-Range: bytes */");
      writer.number(variant.body.length);
      writer.text("\r\n");
    }
    end(now);
    sendTo(message.body, 0, message.body.length, null);
  }
}

function whole(variant: Variant, now: u64): void {
  writer.begin();
  writer.put(variant.head, 0, variant.head.length);
  end(now);
  sendTo(variant.body, 0, variant.body.length, variant.sums);
}

/** RFC 9110 15.3.7: one part as the body, several in an envelope. */
function partial(variant: Variant, now: u64): void {
  writer.begin();
  writer.text("HTTP/1.1 206 Partial Content\r\n");
  if (ranges.count > 1) {
    writer.put(variant.head, variant.common, variant.content - variant.common);
    writer.text("Accept-Ranges: bytes\r\nContent-Type: multipart/byteranges; boundary=");
    writer.put(variant.boundary, 0, variant.boundary.length);
    writer.text("\r\n");
    encoding(variant);
    writer.text("Content-Length: ");
    const bytes = envelope(variant, ranges);
    writer.number(bytes);
    writer.text("\r\n");
    end(now);
    send(nothing, 0, 0, null);
    parts = variant;
    size = bytes;
    return;
  }
  const first = ranges.first[0];
  const size = ranges.last[0] - first + 1;
  writer.put(variant.head, variant.common, variant.length - variant.common);
  contentRange(variant, ranges, 0);
  writer.text("Content-Length: ");
  writer.number(size);
  writer.text("\r\n");
  end(now);
  send(variant.body, first, size, variant.sums);
}

function say(message: Message, now: u64): void {
  write(message);
  end(now);
  sendTo(message.body, 0, message.body.length, null);
}

function write(message: Message): void {
  status = message.status;
  writer.begin();
  writer.put(message.head, 0, message.head.length);
}

/** Values as they are now. They are copied behind the head: when they are sent they may be others. */
function tell(state: State, now: u64): void {
  status = Status.ok;
  const text = values.write(state);
  writer.begin();
  writer.put(state.head, 0, state.head.length);
  writer.number(values.length);
  writer.text("\r\n");
  end(now);
  if (!isHead) writer.put(text, 0, values.length);
  send(nothing, 0, 0, null);
  size = isHead ? 0 : values.length;
}

/** From a folder's name to the folder. */
function move(request: Request, site: Site, location: Bytes, now: u64): void {
  write(site.moved);
  writer.text("Location: ");
  writer.put(location, 0, location.length);
  if (request.hasQuery) {
    writer.text("?");
    writer.put(request.bytes, request.queryAt, request.queryLength);
  }
  finishMove(now);
}

function redirect(request: Request, to: Redirect, now: u64): void {
  write(to.message);
  writer.text("Location: ");
  for (let n = 0; n < to.parts.length; n++) {
    const part = to.parts[n];
    if (part.kind == PartKind.text) writer.put(part.text, 0, part.text.length);
    else if (part.kind == PartKind.path) writer.put(path, 0, pathLength);
    else if (part.kind == PartKind.query) writer.put(request.bytes, request.queryAt, request.queryLength);
    else if (part.kind == PartKind.host) writer.put(request.bytes, request.hostAt, request.hostLength);
    else {
      const at = caught[<i32>part.number * 2];
      const behind = caught[<i32>part.number * 2 + 1];
      if (at != NOWHERE && behind != NOWHERE) writer.put(path, at, behind - at);
    }
  }
  finishMove(now);
}

function finishMove(now: u64): void {
  writer.text("\r\n");
  // The place is longer than any client would take.
  if (writer.isFull) write(nobody.error(Status.targetTooLong));
  end(now);
  send(nothing, 0, 0, null);
}

/** Date, what becomes of the connection, and the empty line. */
function end(now: u64): void {
  const date = dateLine(now);
  if (date != null) writer.put(date, 0, date.length);
  if (isClosing) writer.text("Connection: close\r\n");
  else if (minor == 0) writer.text("Connection: keep-alive\r\n");
  writer.text("\r\n");
}

/** HEAD gets the head alone: RFC 9110 9.3.2. */
function sendTo(bytes: Bytes, at: u32, count: u32, known: Sums | null): void {
  send(bytes, at, isHead ? 0 : count, known);
}

function send(bytes: Bytes, at: u32, count: u32, known: Sums | null): void {
  sums = known;
  body = bytes;
  from = at;
  length = count;
  size = count;
  parts = null;
}
