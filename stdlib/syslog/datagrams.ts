/** Over UDP: RFC 5426, one message in each datagram. */
import { message } from "./message";
import * as udp from "./needs/udp";
import { hand, isWaiting, settle, write } from "./queue";
import { serverHigh, serverLow, serverPort } from "./settings";

/** RFC 5426 3.3: also where they come from. */
const PORT: u32 = 514;
/** The next hop is asked for with the first message after such a silence, and only one packet waits for its answer: so long nothing follows. */
const SILENCE: u64 = 20_000_000_000;
const ASKING: u64 = 200_000_000;
/** While there is no way to the server. */
const AGAIN: u64 = 1_000_000_000;
/** In one turn, and how far turns are apart. */
const BURST = 16;
const PAUSE: u64 = 1_000_000;

let notBefore: u64 = 0;
let last: u64 = 0;
let isFirst: bool = true;

export function start(): void {
  notBefore = 0;
  isFirst = true;
}

export function poll(now: u64): void {
  if (now < notBefore) return;
  for (let n = 0; n < BURST && isWaiting(); n++) {
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
    const wasSilent = isFirst || now - last > SILENCE;
    isFirst = false;
    last = now;
    notBefore = now + (wasSilent ? ASKING : PAUSE);
    if (wasSilent) return;
  }
}

export function deadline(): u64 {
  return isWaiting() ? notBefore : u64.MAX_VALUE;
}
