/** One line for a request that was answered. */
import { Bytes } from "../../core/bytes";
import { dateOf, day, month, year } from "../../core/calendar";
import { Level } from "../../core/level";
import { Stream } from "../../net/tcp";
import * as log from "../needs/log";
import { remote } from "../parts";
import { Field, NOTED, Request } from "../request/request";
import { UNDATED } from "../response/resource";
import { seconds } from "../server/wall";
import { put } from "./escape";
import { Format } from "./format";
import { missed, takes } from "./limits";

/** Of what clients send so much is shown: the line has to fit into a message. */
export const TARGET: u32 = 160;
export const NAME: u32 = 64;
export const WORDS: u32 = 80;

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAY: u64 = 86_400;

let format: i32 = Format.combined;

/** In `prepare`. */
export function setFormat(wanted: i32): void {
  format = wanted;
}

/** `request`: null, if it could not be read. */
export function write(stream: Stream, request: Request | null, status: u32, length: u32, now: u64): void {
  if (!takes(status, now)) return;
  const lost = missed();
  if (lost > 0 && begin()) {
    log.number(lost);
    log.text(" requests before this one are not written down: there were too many");
    log.end();
  }
  if (!begin()) return;
  if (format == Format.json) object(stream, request, status, length, now);
  else plain(stream, request, status, length, now);
  log.end();
}

/** A console is slow: a line for the server alone is not on it. */
function begin(): bool {
  return remote ? log.aside(Level.info) : log.at(Level.info);
}

function address(stream: Stream): void {
  if (stream.family == 4) log.address(<u32>stream.low);
  else log.address6(stream.high, stream.low);
}

function plain(stream: Stream, request: Request | null, status: u32, length: u32, now: u64): void {
  address(stream);
  log.text(" - - [");
  const time = seconds(now);
  if (time == UNDATED) log.text("-");
  else common(<u64>time);
  log.text('] "');
  if (request == null) log.text("-");
  else {
    put(request.bytes, request.methodAt, request.methodLength, NAME, false);
    log.text(" ");
    put(request.bytes, request.targetAt, request.targetLength, TARGET, false);
    log.text(request.minor == 0 ? " HTTP/1.0" : " HTTP/1.1");
  }
  log.text('" ');
  log.number(status);
  log.text(" ");
  log.number(length);
  if (format != Format.combined) return;
  log.text(' "');
  quoted(request, Field.referer);
  log.text('" "');
  quoted(request, Field.userAgent);
  log.text('"');
}

function quoted(request: Request | null, field: u32): void {
  const line = request == null ? NOTED : request.find(field, 0);
  if (request == null || line == NOTED) log.text("-");
  else put(request.bytes, request.at(line), request.lengthOf(line), WORDS, false);
}

/** `22/Nov/2026:03:40:00 +0000` */
function common(time: u64): void {
  dateOf(time / DAY);
  two(day);
  log.text("/");
  for (let n: u32 = 0; n < 3; n++) log.character(<u32>MONTHS.charCodeAt(<i32>(month * 3 - 3 + n)));
  log.text("/");
  log.number(year);
  log.text(":");
  clock(time % DAY);
  log.text(" +0000");
}

function clock(inDay: u64): void {
  two(<u32>(inDay / 3600));
  log.text(":");
  two(<u32>((inDay / 60) % 60));
  log.text(":");
  two(<u32>(inDay % 60));
}

function two(value: u32): void {
  if (value < 10) log.text("0");
  log.number(value);
}

function object(stream: Stream, request: Request | null, status: u32, length: u32, now: u64): void {
  log.text("{");
  const time = seconds(now);
  if (time != UNDATED) {
    dateOf(<u64>time / DAY);
    log.text('"time":"');
    log.number(year);
    log.text("-");
    two(month);
    log.text("-");
    two(day);
    log.text("T");
    clock(<u64>time % DAY);
    log.text('Z",');
  }
  log.text('"client":"');
  address(stream);
  if (request != null) {
    const bytes = request.bytes;
    member("method", bytes, request.methodAt, request.methodLength, NAME);
    member("host", bytes, request.hostAt, request.hostLength, NAME);
    member("target", bytes, request.targetAt, request.targetLength, TARGET);
    log.text(request.minor == 0 ? '","protocol":"HTTP/1.0' : '","protocol":"HTTP/1.1');
    noted("referer", request, Field.referer);
    noted("agent", request, Field.userAgent);
  }
  log.text('","status":');
  log.number(status);
  log.text(',"bytes":');
  log.number(length);
  log.text("}");
}

/** Closes the quote before it, and leaves its own open. */
function member(name: string, bytes: Bytes, at: u32, length: u32, most: u32): void {
  log.text('","');
  log.text(name);
  log.text('":"');
  put(bytes, at, length, most, true);
}

function noted(name: string, request: Request, field: u32): void {
  const line = request.find(field, 0);
  if (line != NOTED) member(name, request.bytes, request.at(line), request.lengthOf(line), WORDS);
}
