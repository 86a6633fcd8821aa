/** Finds the answer to a request: RFC 9110. */
import { Bytes } from "../core/bytes";
import { Writer } from "../core/writer";
import { tell } from "./condition";
import { write } from "./exposition";
import * as request from "./request";

/** The head of the answer that was found last. */
export const head = new Writer(new Bytes(new StaticArray<u8>(512), 0, 512));

let metricsPath = new Bytes(new StaticArray<u8>(0), 0, 0);
let healthPath = metricsPath;
/** Requests that were answered. */
export const answered: StaticArray<u64> = [0];

/** In `prepare`. */
export function set(metrics: Bytes, health: Bytes): void {
  metricsPath = metrics;
  healthPath = health;
}

/** Answers a head of `end` bytes; 0: it does not end. True if what stands in `body` is to be sent. */
export function answer(bytes: Bytes, end: u32, isAllowed: bool, body: Writer): bool {
  body.begin();
  answered[0] += 1;
  if (end == 0) return say("431 Request Header Fields Too Large", "too long\n", body);
  request.read(bytes, end);
  if (!request.isSound) return say("400 Bad Request", "no request\n", body);
  if (!isAllowed) return say("403 Forbidden", "not allowed from there\n", body);
  const isMetrics = isPath(bytes, metricsPath);
  if (!isMetrics && !isPath(bytes, healthPath)) return say("404 Not Found", "nothing here\n", body);
  if (!request.isKnown) return say("405 Method Not Allowed\r\nAllow: GET, HEAD", "only GET and HEAD\n", body);
  if (isMetrics) {
    write(body, request.wantsOpen);
    const open = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    begin(
      "200 OK\r\nVary: Accept",
      request.wantsOpen ? open : "text/plain; version=0.0.4; charset=utf-8",
      body,
    );
  } else begin(tell(body) ? "200 OK" : "503 Service Unavailable", "text/plain; charset=utf-8", body);
  // RFC 9110 9.3.2.
  return !request.isHead;
}

function isPath(bytes: Bytes, path: Bytes): bool {
  return request.pathLength == path.length && bytes.equals(request.pathAt, path, 0, path.length);
}

/** A line for people. `status` may have fields behind it. */
function say(status: string, line: string, body: Writer): bool {
  body.text(line);
  begin(status, "text/plain; charset=utf-8", body);
  return !request.isSound || !request.isHead;
}

function begin(status: string, media: string, body: Writer): void {
  head.begin();
  head.text("HTTP/1.1 ");
  head.text(status);
  head.text("\r\nContent-Type: ");
  head.text(media);
  head.text("\r\nContent-Length: ");
  head.number(body.length);
  head.text("\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
}
