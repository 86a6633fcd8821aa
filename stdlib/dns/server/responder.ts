import { Bytes } from "../../core/bytes";
import { Peer, Responder } from "../../net/udp";
import { countAnswer, Dns } from "../counters";
import { measured } from "../parts";
import { respond } from "./respond";

/** The server as UDP sees it. */
@final
export class DnsResponder extends Responder {
  constructor(most: u32) {
    super();
    this.most = most;
  }

  respond(request: Bytes, reply: Bytes, _peer: Peer): u32 {
    const size = respond(request, reply);
    if (measured) countAnswer(Dns.overUdp, reply, size);
    return size;
  }
}
