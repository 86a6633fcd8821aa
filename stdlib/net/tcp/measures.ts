/** What TCP tells of itself: see `core/measures.ts`. */
import { Measures, Source } from "../../core/measures";
import { Tcp, tell } from "./counters";
import * as pools from "./pools";
import * as table from "./table";

namespace Of {
  export const open = 0;
  export const halfOpen = 1;
  export const waiting = 2;
  export const most = 3;
  export const memory = 4;
}

@final
class Gauge extends Source {
  constructor(private subject: i32) {
    super();
  }

  value(): u64 {
    if (this.subject == Of.open) return table.connections();
    if (this.subject == Of.halfOpen) return table.halfOpenConnections();
    if (this.subject == Of.waiting) return table.waitingConnections();
    if (this.subject == Of.most) return table.connections() + table.freeConnections();
    return <u64>pools.blocksLeft() * pools.BLOCK;
  }
}

export function measure(to: Measures): void {
  to.counter("tcp_segments_received", "TCP segments that have arrived.");
  tell(to, "", Tcp.segmentsIn);
  to.counter("tcp_segments_sent", "TCP segments that were sent.");
  tell(to, "", Tcp.segmentsOut);
  to.counter("tcp_segments_retransmitted", "TCP segments that were sent again.");
  tell(to, "", Tcp.retransmitted);
  to.counter("tcp_segments_disordered", "TCP segments that came before others that were sent earlier.");
  tell(to, "", Tcp.outOfOrder);
  to.counter("tcp_connections_accepted", "Connections that were taken.");
  tell(to, "", Tcp.accepted);
  connectionsRefused(to);
  to.counter(
    "tcp_connections_recycled",
    "Connections waiting out their time that gave their place to new ones.",
  );
  tell(to, "", Tcp.recycled);
  to.counter("tcp_timeouts", "How often an acknowledgement was waited for in vain.");
  tell(to, "", Tcp.timeouts);
  to.counter("tcp_recoveries", "How often lost segments were found missing by what came after them.");
  tell(to, "", Tcp.recoveries);
  to.counter("tcp_probes", "Segments that ask whether the other side is there, or has room.");
  tell(to, "", Tcp.probes);
  to.counter("tcp_resets", "Segments that end a connection at once.");
  tell(to, 'direction="received"', Tcp.resetsIn);
  tell(to, 'direction="sent"', Tcp.resetsOut);
  to.counter("tcp_syn_cookies", "Connections begun without a place for them (RFC 4987).");
  tell(to, 'event="sent"', Tcp.cookiesSent);
  tell(to, 'event="taken"', Tcp.cookiesTaken);
  to.counter(
    "tcp_challenges",
    "Acknowledgements that ask whether a suspicious segment was meant (RFC 5961).",
  );
  tell(to, "", Tcp.challenges);
  drops(to);
  gauges(to);
}

function connectionsRefused(to: Measures): void {
  to.counter("tcp_connections_refused", "Connections that were not taken.");
  tell(to, 'reason="no_listener"', Tcp.noListener);
  tell(to, 'reason="application"', Tcp.refused);
  tell(to, 'reason="full"', Tcp.full);
  tell(to, 'reason="per_source"', Tcp.perSource);
}

function drops(to: Measures): void {
  to.counter("net_dropped", "Packets that were thrown away, by layer and reason.");
  tell(to, 'layer="tcp",reason="bad_header"', Tcp.badHeader);
  tell(to, 'layer="tcp",reason="bad_checksum"', Tcp.badChecksum);
  tell(to, 'layer="tcp",reason="out_of_window"', Tcp.outOfWindow);
  tell(to, 'layer="tcp",reason="bad_acknowledgement"', Tcp.badAck);
  tell(to, 'layer="tcp",reason="old_timestamp"', Tcp.paws);
  tell(to, 'layer="tcp",reason="duplicate"', Tcp.duplicates);
  tell(to, 'layer="tcp",reason="no_memory"', Tcp.noMemory);
  tell(to, 'layer="tcp",reason="no_buffer"', Tcp.noBuffer);
}

function gauges(to: Measures): void {
  to.gauge("tcp_connections", "Connections, by state.");
  to.worked('state="open"', new Gauge(Of.open));
  to.worked('state="half_open"', new Gauge(Of.halfOpen));
  to.worked('state="time_wait"', new Gauge(Of.waiting));
  to.gauge("tcp_connections_max", "Places for connections.");
  to.worked("", new Gauge(Of.most));
  to.gauge("tcp_receive_memory_free_bytes", "Memory for what has come and was not taken that nobody uses.");
  to.worked("", new Gauge(Of.memory));
}
