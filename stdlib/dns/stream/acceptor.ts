/** Takes connections of a port. */
import { Acceptor, Session, Stream } from "../../net/tcp";
import { count, Dns } from "../counters";
import { tsig } from "../parts";
import { isStopped } from "../settings";
import { take } from "./waiting";

@final
export class DnsAcceptor extends Acceptor {
  accept(stream: Stream): Session | null {
    if (tsig && isStopped) return null;
    const connection = take();
    if (connection == null) {
      count(Dns.refused);
      return null;
    }
    count(Dns.accepted);
    connection.open(stream);
    return connection;
  }
}
