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
import { Verdict } from "../things/door";
import * as guard from "../things/guard";
import * as values from "../things/state";
import { State } from "../things/state";
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
export let sums: Sums | null = null;
/** Of several parts; then `ranges` has them. */
export let parts: Variant | null = null;
export let isClosing: bool = false;
/** It is not known yet whether this client may: then this is what he wants. */
export let isWaiting: bool = false;
export let waitingFor: Deed | null = null;
export let waitingState: State | null = null;
export let waitingSite: Site = nobody;
export const ranges = new Ranges(new StaticArray<u32>(<i32>PARTS), new StaticArray<u32>(<i32>PARTS));

/** Finds what to say to this request; `now` in nanoseconds. */
export function answer(request: Request, isSecure: bool, now: u64): void {
  isWaiting = false;
  isClosing = !request.isPersistent || request.length > bodyMost || request.expectsContinue;
  const number = siteOf(request, isSecure);
  const site = number < 0 ? nobody : sites[number];
  if (request.method == Method.other) say(site.error(Status.notImplemented), request, now);
  else if (number < 0) say(nobody.error(Status.misdirected), request, now);
  else if (request.expectsOther) say(site.error(Status.expectationFailed), request, now);
  else if (request.method == Method.known) known(request, <u32>number, site, now);
  else if (request.length > bodyMost) say(site.error(Status.tooLarge), request, now);
  else if (request.method == Method.options) say(site.options, request, now);
  else get(request, <u32>number, site, now);
}

/** What the server says without having understood a request: the connection ends with it. */
export function refuse(code: u32, now: u64): void {
  isClosing = true;
  write(nobody.error(code));
  end(1, now);
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
  if (!action) return say(site.error(Status.methodNotAllowed), request, now);
  const page = pageOf(request, number);
  let deed: Deed | null = null;
  if (page != null) deed = page.deed;
  if (
    deed == null ||
    !sameText(request.bytes, request.methodAt, request.methodLength, deed.isPut ? "PUT" : "POST")
  )
    return say(site.error(Status.methodNotAllowed), request, now);
  if (request.length > bodyMost) return say(site.error(Status.tooLarge), request, now);
  // A page of somebody else has made the browser ask: https://www.w3.org/TR/fetch-metadata/
  const line = request.find(Field.fetchSite, 0);
  if (line != NOTED && sameWord(request.bytes, request.at(line), request.lengthOf(line), "cross-site"))
    return say(site.error(Status.forbidden), request, now);
  const verdict = auth ? guard.judge(request, deed.door) : Verdict.granted;
  if (verdict == Verdict.later) {
    isWaiting = true;
    waitingFor = deed;
    waitingSite = site;
    return;
  }
  if (verdict == Verdict.busy) return say(site.error(Status.unavailable), request, now);
  if (verdict == Verdict.denied) return say(site.error(Status.unauthorized), request, now);
  perform(deed);
  say(site.done, request, now);
}

function perform(deed: Deed): void {
  if (action) switches.pulse(deed.output, deed.length);
}

/** What `guard` has found out later is done and said; null: the values of a path are asked for. */
export function finish(
  isGranted: bool,
  deed: Deed | null,
  state: State | null,
  site: Site,
  wasClosing: bool,
  now: u64,
): void {
  isClosing = wasClosing;
  if (isGranted && deed == null && state != null) return tellTo(1, false, state, now);
  if (isGranted && deed != null) perform(deed);
  const message = isGranted ? site.done : site.error(Status.unauthorized);
  write(message);
  end(1, now);
  send(message.body, 0, message.body.length, null);
}

function pageOf(request: Request, number: u32): Page | null {
  if (request.pathLength == 0) {
    path.setU8(0, 47);
    pathLength = 1;
  } else pathLength = canonical(request.bytes, request.pathAt, request.pathLength, path);
  return find(number, path, pathLength);
}

function get(request: Request, number: u32, site: Site, now: u64): void {
  const page = pageOf(request, number);
  if (action && page != null && page.deed != null)
    return say(site.error(Status.methodNotAllowed), request, now);
  if (auth && page != null && page.state != null && page.door != null) {
    const verdict = guard.judge(request, page.door!);
    if (verdict == Verdict.busy) return say(site.error(Status.unavailable), request, now);
    if (verdict == Verdict.denied) return say(site.error(Status.unauthorized), request, now);
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
    else if (message != null) say(message, request, now);
    else if (json && page.state != null) tell(page.state!, request, now);
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
    say(site.replies[n].message, request, now);
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
    whole(request, negotiate(request, resource), now);
    return;
  }
  say(site.error(Status.notFound), request, now);
}

/** RFC 9110 13.2 and what follows from it. */
function show(request: Request, resource: Resource, site: Site, now: u64): void {
  const variant = negotiate(request, resource);
  const time = seconds(now);
  status = decide(request, resource, variant, time == UNDATED ? 0 : time, ranges);
  if (status == Status.ok) whole(request, variant, now);
  else if (status == Status.partial) partial(request, variant, now);
  else if (status == Status.notModified) {
    writer.begin();
    writer.text("HTTP/1.1 304 Not Modified\r\n");
    writer.put(variant.head, variant.common, variant.content - variant.common);
    end(request.minor, now);
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
    end(request.minor, now);
    sendTo(request, message.body, 0, message.body.length, null);
  }
}

function whole(request: Request, variant: Variant, now: u64): void {
  writer.begin();
  writer.put(variant.head, 0, variant.head.length);
  end(request.minor, now);
  sendTo(request, variant.body, 0, variant.body.length, variant.sums);
}

/** RFC 9110 15.3.7: one part as the body, several in an envelope. */
function partial(request: Request, variant: Variant, now: u64): void {
  writer.begin();
  writer.text("HTTP/1.1 206 Partial Content\r\n");
  if (ranges.count > 1) {
    writer.put(variant.head, variant.common, variant.content - variant.common);
    writer.text("Accept-Ranges: bytes\r\nContent-Type: multipart/byteranges; boundary=");
    writer.put(variant.boundary, 0, variant.boundary.length);
    writer.text("\r\n");
    encoding(variant);
    writer.text("Content-Length: ");
    writer.number(envelope(variant));
    writer.text("\r\n");
    end(request.minor, now);
    send(nothing, 0, 0, null);
    parts = variant;
    return;
  }
  const first = ranges.first[0];
  const size = ranges.last[0] - first + 1;
  writer.put(variant.head, variant.common, variant.length - variant.common);
  contentRange(variant, 0);
  writer.text("Content-Length: ");
  writer.number(size);
  writer.text("\r\n");
  end(request.minor, now);
  send(variant.body, first, size, variant.sums);
}

function encoding(variant: Variant): void {
  if (variant.coding == 0) writer.text("Content-Encoding: br\r\n");
  else if (variant.coding == 1) writer.text("Content-Encoding: gzip\r\n");
}

function contentRange(variant: Variant, part: i32): void {
  writer.text("Content-Range: bytes ");
  writer.number(ranges.first[part]);
  writer.text("-");
  writer.number(ranges.last[part]);
  writer.text("/");
  writer.number(variant.body.length);
  writer.text("\r\n");
}

/** What stands before a part: RFC 9110 14.6. In `writer.ts`. */
export function beforePart(variant: Variant, wanted: Ranges, part: i32): void {
  writer.begin();
  writer.text(part == 0 ? "--" : "\r\n--");
  writer.put(variant.boundary, 0, variant.boundary.length);
  writer.text("\r\nContent-Type: ");
  writer.put(variant.media, 0, variant.media.length);
  writer.text("\r\nContent-Range: bytes ");
  writer.number(wanted.first[part]);
  writer.text("-");
  writer.number(wanted.last[part]);
  writer.text("/");
  writer.number(variant.body.length);
  writer.text("\r\n\r\n");
}

/** What stands behind the last part. */
export function behindParts(variant: Variant): void {
  writer.begin();
  writer.text("\r\n--");
  writer.put(variant.boundary, 0, variant.boundary.length);
  writer.text("--\r\n");
}

/** Bytes of all parts with what stands around them. */
function envelope(variant: Variant): u32 {
  // Not in the writer, which has the head: the same texts, counted.
  let size: u32 = 0;
  for (let n: i32 = 0; n < <i32>ranges.count; n++) {
    size += (n == 0 ? 2 : 4) + variant.boundary.length + 16 + variant.media.length + 23 + 4;
    size += digits(ranges.first[n]) + 1 + digits(ranges.last[n]) + 1 + digits(variant.body.length);
    size += ranges.last[n] - ranges.first[n] + 1;
  }
  return size + 4 + variant.boundary.length + 4;
}

function digits(value: u32): u32 {
  let count: u32 = 1;
  let rest = value;
  while (rest >= 10) {
    rest /= 10;
    count += 1;
  }
  return count;
}

function say(message: Message, request: Request, now: u64): void {
  write(message);
  end(request.minor, now);
  sendTo(request, message.body, 0, message.body.length, null);
}

function write(message: Message): void {
  status = message.status;
  writer.begin();
  writer.put(message.head, 0, message.head.length);
}

/** Values as they are now. They are copied behind the head: when they are sent they may be others. */
function tell(state: State, request: Request, now: u64): void {
  tellTo(request.minor, request.method == Method.head, state, now);
}

function tellTo(minor: u32, isHead: bool, state: State, now: u64): void {
  status = Status.ok;
  const text = values.write(state);
  writer.begin();
  writer.put(state.head, 0, state.head.length);
  writer.number(values.length);
  writer.text("\r\n");
  end(minor, now);
  if (!isHead) writer.put(text, 0, values.length);
  send(nothing, 0, 0, null);
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
  finishMove(request, now);
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
  finishMove(request, now);
}

function finishMove(request: Request, now: u64): void {
  writer.text("\r\n");
  // The place is longer than any client would take.
  if (writer.isFull) write(nobody.error(Status.targetTooLong));
  end(request.minor, now);
  send(nothing, 0, 0, null);
}

/** Date, what becomes of the connection, and the empty line. */
function end(minor: u32, now: u64): void {
  const date = dateLine(now);
  if (date != null) writer.put(date, 0, date.length);
  if (isClosing) writer.text("Connection: close\r\n");
  else if (minor == 0) writer.text("Connection: keep-alive\r\n");
  writer.text("\r\n");
}

/** HEAD gets the head alone: RFC 9110 9.3.2. */
function sendTo(request: Request, bytes: Bytes, at: u32, count: u32, known: Sums | null): void {
  send(bytes, at, request.method == Method.head ? 0 : count, known);
}

function send(bytes: Bytes, at: u32, count: u32, known: Sums | null): void {
  sums = known;
  body = bytes;
  from = at;
  length = count;
  parts = null;
}
