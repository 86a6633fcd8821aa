/** Over UDP: RFC 5426, one message in each datagram. */
import { message } from "./message";
import * as udp from "./needs/udp";
import { hand, isWaiting, settle, write } from "./queue";
import { serverHigh, serverLow, serverPort } from "./settings";

/** RFC 5426 3.3: also where they come from. */
const PORT: u32 = 514;
/** While it is not known where the server, or the router to it, is: one message waits for that. */
const ASKING: u64 = 50_000_000;
/** While there is no way to the server. */
const AGAIN: u64 = 1_000_000_000;
/** In one turn, and how far turns are apart. */
const BURST = 16;
const PAUSE: u64 = 1_000_000;

let notBefore: u64 = 0;

export function start(): void {
  notBefore = 0;
}

export function poll(now: u64): void {
  if (now < notBefore) return;
  for (let n = 0; n < BURST && isWaiting(); n++) {
    if (udp.isHeld(serverHigh(), serverLow())) {
      notBefore = now + ASKING;
      return;
    }
    const room = udp.outgoing(serverHigh(), serverLow());
    if (room == null) {
      notBefore = now + AGAIN;
      return;
    }
    write(now);
    const size = min(message.length, room.length);
    room.copy(0, message.bytes, 0, size);
    udp.send(PORT, serverPort(), size);
    hand();
    settle();
    notBefore = now + PAUSE;
  }
}

export function deadline(): u64 {
  return isWaiting() ? notBefore : u64.MAX_VALUE;
}
