/** Takes connections of a port. */
import { Acceptor, Session, Stream } from "../../net/tcp";
import { countRefused } from "./counters";
import { areTooMany, take } from "./waiting";

@final
export class HttpAcceptor extends Acceptor {
  constructor(private isSecure: bool) {
    super();
  }

  accept(stream: Stream): Session | null {
    const connection = take();
    if (connection == null) {
      countRefused();
      return null;
    }
    connection.open(stream, this.isSecure);
    connection.isTooMany = areTooMany();
    return connection;
  }
}
