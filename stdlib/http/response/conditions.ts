/** Conditional requests in the order of RFC 9110 13.2.2, and what part of the body is wanted. */
import { Field, Method, NOTED, Request } from "../request/request";
import { Status } from "../status";
import { readDate } from "./date";
import { Asked, Ranges } from "./ranges";
import { Resource, UNDATED, Variant } from "./resource";
import { isExactly, names } from "./tags";

/**
 * The status of the answer to a request for something that is there, for which it would be 200 otherwise (13.2.1): 200, 206, 304, 412
 * or 416. `ranges` then holds the parts of 206. `now`, in seconds, is for dates of two digits alone.
 */
export function decide(
  request: Request,
  resource: Resource,
  variant: Variant,
  now: i64,
  ranges: Ranges,
): u32 {
  // 1 and 2.
  if (request.has(Field.ifMatch)) {
    if (!names(request, Field.ifMatch, variant.tag, false)) return Status.preconditionFailed;
  } else if (resource.modified != UNDATED) {
    const date = dateOf(request, Field.ifUnmodifiedSince, now);
    if (date != UNDATED && resource.modified > date) return Status.preconditionFailed;
  }
  // 3 and 4.
  if (request.has(Field.ifNoneMatch)) {
    if (names(request, Field.ifNoneMatch, variant.tag, true)) return Status.notModified;
  } else if (resource.modified != UNDATED) {
    const date = dateOf(request, Field.ifModifiedSince, now);
    if (date != UNDATED && resource.modified <= date) return Status.notModified;
  }
  // 5: ranges are for GET alone (14.2).
  if (request.method != Method.get || !resource.hasRanges || !isRangeGood(request, resource, variant, now))
    return Status.ok;
  const line = request.find(Field.range, 0);
  if (line == NOTED) return Status.ok;
  const asked = ranges.read(request.bytes, request.at(line), request.lengthOf(line), variant.body.length);
  if (asked == Asked.nothing) return Status.rangeNotSatisfiable;
  return asked == Asked.parts ? Status.partial : Status.ok;
}

/** UNDATED if it is not there or no date: then it is as if it were not there (13.1.3, 13.1.4). */
function dateOf(request: Request, field: u32, now: i64): i64 {
  const line = request.find(field, 0);
  return line == NOTED ? UNDATED : readDate(request.bytes, request.at(line), request.lengthOf(line), now);
}

/**
 * 13.1.5: If-Range has exactly our tag, or our date. Content never changes while the machine runs, and the date is what the description
 * says, so it is as strong as the tag (8.8.2.2).
 */
function isRangeGood(request: Request, resource: Resource, variant: Variant, now: i64): bool {
  const line = request.find(Field.ifRange, 0);
  if (line == NOTED) return true;
  const at = request.at(line);
  const length = request.lengthOf(line);
  if (isExactly(request.bytes, at, length, variant.tag)) return true;
  return resource.modified != UNDATED && readDate(request.bytes, at, length, now) == resource.modified;
}
