import { Bytes } from "../../core/bytes";
import { Peer, Responder } from "../../net/udp";
import { count, countAnswer, Dns } from "../counters";
import { HEADER } from "../layout";
import { measured, rate, tcp, tsig } from "../parts";
import { isStopped } from "../settings";
import { isThere } from "../tsig/signature";
import { ASKERS, set } from "./asker";
import { TC } from "./codes";
import { afterName } from "./names";
import { isTold, mayAnswer } from "./rate";
import { respond } from "./respond";

const LEAST_SIGNED: u32 = 1232;

/** The server as UDP sees it. */
@final
export class DnsResponder extends Responder {
  constructor(most: u32) {
    super();
    // However long names are: what refuses a signed question has them twice.
    this.most = tsig ? max(most, LEAST_SIGNED) : most;
  }

  respond(request: Bytes, reply: Bytes, peer: Peer): u32 {
    if (tsig && isStopped) return 0;
    if (ASKERS) set(peer.high, peer.low);
    const size = this.answer(request, reply);
    if (measured) countAnswer(Dns.overUdp, reply, size);
    return size;
  }

  private answer(request: Bytes, reply: Bytes): u32 {
    if (rate && !mayAnswer()) {
      count(Dns.limited);
      return tcp && isTold() ? shortened(reply, respond(request, reply)) : 0;
    }
    return respond(request, reply);
  }
}

/** Of an answer only the question, and that there is more over TCP. One that is signed would no longer be: there is none then. */
function shortened(reply: Bytes, size: u32): u32 {
  if (size < HEADER || reply.be16(4) != 1) return size;
  if (tsig && isThere) return 0;
  reply.setBe16(2, reply.be16(2) | TC);
  reply.setBe16(6, 0);
  reply.setBe32(8, 0);
  return afterName(reply, HEADER) + 4;
}
