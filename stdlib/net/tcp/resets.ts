/** Resets that found no buffer: they are sent when there is one, because of a connection that is no more nothing else will be said. A few; more are lost as on any network. */
import { count, Tcp } from "./counters";
import { emitAlone } from "./emit";
import { Ends } from "./ends";
import { ACK, RST } from "./segment";

const MOST: u32 = 32;

@final
class Late {
  ends: Ends = new Ends();
  ports: u32 = 0;
  sequence: u32 = 0;
  acknowledgement: u32 = 0;
}

const ring = new StaticArray<Late>(<i32>MOST);
for (let n: u32 = 0; n < MOST; n++) ring[n] = new Late();
let from: u32 = 0;
let length: u32 = 0;

/** Resets the connection between these, now or later. */
export function sendReset(ends: Ends, ports: u32, sequence: u32, acknowledgement: u32): void {
  count(Tcp.resetsOut);
  if (length == 0 && isSent(ends, ports, sequence, acknowledgement)) return;
  count(Tcp.noBuffer);
  if (length == MOST) return;
  const late = ring[(from + length) % MOST];
  late.ends.copy(ends);
  late.ports = ports;
  late.sequence = sequence;
  late.acknowledgement = acknowledgement;
  length += 1;
}

function isSent(ends: Ends, ports: u32, sequence: u32, acknowledgement: u32): bool {
  const packet = ends.nic!.link.allocate();
  if (packet == null) return false;
  emitAlone(ends, packet, ports, sequence, acknowledgement, RST | ACK, 0, 0);
  return true;
}

/** Sends those that wait. False: there are no buffers still. */
export function sendLate(): bool {
  while (length > 0) {
    const late = ring[from];
    if (!isSent(late.ends, late.ports, late.sequence, late.acknowledgement)) return false;
    from = (from + 1) % MOST;
    length -= 1;
  }
  return true;
}

export function hasLate(): bool {
  return length > 0;
}
