/** Sends lines of the log to a server. */
import { Measures, Source } from "../core/measures";
import * as datagrams from "./datagrams";
import { now as clock } from "./needs/clock";
import { tcp } from "./parts";
import * as queue from "./queue";
import { hasServer } from "./settings";
import * as stream from "./stream";

/** What it needs was not given to the machine. */
let isIdle: bool = false;

/** Before `start`: the server is not known, so nothing is sent. */
export function rest(): string {
  isIdle = true;
  return "syslog does not run";
}

export function start(): void {
  queue.start(clock());
  if (tcp) stream.start();
  else datagrams.start();
}

export function poll(now: u64): void {
  if (isIdle || !hasServer()) return;
  if (tcp) stream.poll(now);
  else datagrams.poll(now);
}

export function deadline(): u64 {
  if (isIdle || !hasServer()) return u64.MAX_VALUE;
  return tcp ? stream.deadline() : datagrams.deadline();
}

@final
class Connected extends Source {
  value(): u64 {
    return stream.isConnected() ? 1 : 0;
  }
}

export function measure(to: Measures): void {
  to.counter(
    "syslog_messages_sent",
    "Messages that were handed to the network, those among them that were sent again.",
  );
  to.entry("", queue.sent, 0);
  if (!tcp) return;
  to.counter("syslog_connections", "Connections to the server.");
  to.entry('event="opened"', stream.opened, 0);
  to.entry('event="lost"', stream.lost, 0);
  to.gauge("syslog_connected", "Whether there is a connection to the server.");
  to.worked("", new Connected());
}
