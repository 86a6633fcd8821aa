/** Services that tests ask. */
import { Bytes } from "../../core/bytes";
import { Peer, Responder } from "../udp";
import * as udp from "./needs/udp";

/** Sends back what it got; silent when that is nothing. */
@final
class Echo extends Responder {
  respond(request: Bytes, reply: Bytes, _peer: Peer): u32 {
    if (request.length > reply.length) return 0;
    reply.copy(0, request, 0, request.length);
    return request.length;
  }
}

/** Answers with as many bytes as the first two of the request say, and who asked in the first six. */
@final
class Sized extends Responder {
  respond(request: Bytes, reply: Bytes, peer: Peer): u32 {
    if (!request.has(0, 2)) return 0;
    const size = request.be16(0);
    if (size > reply.length) return 0;
    for (let n: u32 = 0; n < size; n++) reply.setU8(n, n);
    if (size >= 6) {
      reply.setBe32(0, <u32>peer.low);
      reply.setBe16(4, peer.port);
    }
    return size;
  }
}

export function bindEcho(high: u64, low: u64, port: u32, most: u32): bool {
  const responder = new Echo();
  responder.most = most;
  return udp.bind(high, low, port, responder);
}

export function bindSized(high: u64, low: u64, port: u32, most: u32): bool {
  const responder = new Sized();
  responder.most = most;
  return udp.bind(high, low, port, responder);
}

/** Sends `count` bytes 0, 1, 2 … of our own accord. */
export function sendFrom(port: u32, high: u64, low: u64, toPort: u32, count: u32): bool {
  const payload = udp.outgoing(high, low);
  if (payload == null) return false;
  for (let n: u32 = 0; n < count; n++) payload.setU8(n, n);
  udp.send(port, toPort, count);
  return true;
}
