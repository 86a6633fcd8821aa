/** What is written down of a request whose answer takes a while: others are read meanwhile. One is enough, since one password is looked at at a time. */
import { Bytes } from "../../core/bytes";
import { Field, NOTED, Request } from "../request/request";
import { NAME, TARGET, WORDS } from "./line";

/** One byte more of each than a line shows: it tells of what is cut. */
const ROOM: u32 = 2 * (NAME + 1) + TARGET + 1 + 2 * (WORDS + 1);

export const kept = new Request();
const room = new Bytes(new StaticArray<u8>(<i32>ROOM), 0, ROOM);
let length: u32 = 0;

export function keep(request: Request): void {
  length = 0;
  kept.reset();
  kept.bytes = room;
  kept.minor = request.minor;
  kept.methodAt = length;
  kept.methodLength = copied(request, request.methodAt, request.methodLength, NAME);
  kept.hostAt = length;
  kept.hostLength = copied(request, request.hostAt, request.hostLength, NAME);
  kept.targetAt = length;
  kept.targetLength = copied(request, request.targetAt, request.targetLength, TARGET);
  field(request, Field.referer);
  field(request, Field.userAgent);
}

function field(request: Request, field: u32): void {
  const line = request.find(field, 0);
  if (line == NOTED) return;
  const at = length;
  kept.note(field, at, copied(request, request.at(line), request.lengthOf(line), WORDS));
}

function copied(request: Request, at: u32, count: u32, most: u32): u32 {
  const size = min(count, most + 1);
  room.copy(length, request.bytes, at, size);
  length += size;
  return size;
}
