/** Requests by themselves, for tests: bytes in, pieces as the test wants them, what was understood as text. */
import { Bytes } from "../../core/bytes";
import { make } from "../request/heads";
import { Event, Intake, request } from "../request/intake";

const MOST: u32 = 1 << 20;
const input = new StaticArray<u8>(<i32>MOST);
const whole = new Bytes(input, 0, MOST);
const piece = new Bytes(input, 0, 0);
let intake = new Intake();
let headMost: u32 = 0;
let bodyMost: u64 = 0;
let told = "";

export function inputAt(): usize {
  return whole.pointer(0, 1);
}

export function limits(head: u32, body: u32, places: u32): void {
  headMost = head;
  bodyMost = <u64>body;
  make(places, head);
}

/** Another connection. */
export function begin(): void {
  intake.reset();
  told = "";
}

/** Another connection, while the one before stays as it is. */
export function leave(): void {
  intake = new Intake();
  intake.reset();
  told = "";
}

/** The next bytes of the input: false after a refusal. */
export function feed(from: u32, length: u32): bool {
  if (intake.status != 0) return false;
  piece.window(whole, from, length);
  let at: u32 = 0;
  while (at < length) {
    at = intake.take(piece, at, headMost, bodyMost);
    const event = intake.event;
    if (event == Event.head) told += heard();
    else if (event == Event.end) told += "end\n";
    else if (event == Event.refused) {
      told += `${intake.status}\n`;
      return false;
    }
  }
  return true;
}

/** The same without looking at what was understood: for many. */
export function drain(length: u32): u32 {
  piece.window(whole, 0, length);
  let at: u32 = 0;
  let events: u32 = 0;
  while (at < length) {
    at = intake.take(piece, at, headMost, bodyMost);
    if (intake.event == Event.refused) break;
    events += 1;
  }
  return events;
}

export function said(): string {
  return told;
}

function heard(): string {
  let line = part(request.methodAt, request.methodLength);
  line += request.isAsterisk ? " *" : ` ${part(request.pathAt, request.pathLength)}`;
  if (request.hasQuery) line += `?${part(request.queryAt, request.queryLength)}`;
  line += ` 1.${request.minor} ${part(request.hostAt, request.hostLength)}`;
  if (!request.isPersistent) line += " close";
  if (request.isChunked) line += " chunked";
  else if (request.length > 0) line += ` ${request.length}`;
  if (request.expectsContinue) line += " continue";
  if (request.expectsOther) line += " expects";
  for (let n: u32 = 0; n < request.noted; n++)
    line += ` ${request.notedField[<i32>n]}=${part(request.at(n), request.lengthOf(n))}`;
  return `${line}\n`;
}

function part(at: u32, length: u32): string {
  let text = "";
  for (let n: u32 = 0; n < length; n++) text += String.fromCharCode(<i32>request.bytes.u8(at + n));
  return text;
}
