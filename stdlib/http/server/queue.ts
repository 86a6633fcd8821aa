/** Connections that wait for the same length of time: the first to come is the first whose time is over. */
import { Connection } from "./connection";

@final
export class Queue {
  private first: Connection | null = null;
  private last: Connection | null = null;

  /** The one that has waited longest. */
  head(): Connection | null {
    return this.first;
  }

  add(connection: Connection): void {
    connection.queue = this;
    connection.before = this.last;
    connection.after = null;
    const last = this.last;
    if (last == null) this.first = connection;
    else last.after = connection;
    this.last = connection;
  }

  remove(connection: Connection): void {
    const before = connection.before;
    const after = connection.after;
    if (before == null) this.first = after;
    else before.after = after;
    if (after == null) this.last = before;
    else after.before = before;
    connection.before = null;
    connection.after = null;
    connection.queue = null;
  }

  reset(): void {
    this.first = null;
    this.last = null;
  }

  /** When the first one's time is over. */
  deadline(): u64 {
    const first = this.first;
    return first == null ? u64.MAX_VALUE : first.due;
  }
}
