/** Connections whose application waits for something, but not for ever. */
import { Session } from "./tcp";

/** What an application keeps for a connection, in at most one queue. */
export abstract class Timed extends Session {
  queue: TimedQueue | null = null;
  before: Timed | null = null;
  after: Timed | null = null;
  due: u64 = 0;

  /** Its time is over. It is in another queue then, behind all others in this one, or in none. */
  abstract expire(): void;

  /** It waits in no queue any more. */
  stopWaiting(): void {
    const queue = this.queue;
    if (queue != null) queue.remove(this);
  }
}

/** Those that wait for the same length of time: the first to come is the first whose time is over. */
@final
export class TimedQueue {
  private first: Timed | null = null;
  private last: Timed | null = null;

  /** The one that has waited longest. */
  head(): Timed | null {
    return this.first;
  }

  /** It waits here from now on, and in no other queue, until `due`. */
  add(session: Timed, due: u64): void {
    session.stopWaiting();
    session.due = due;
    session.queue = this;
    session.before = this.last;
    session.after = null;
    const last = this.last;
    if (last == null) this.first = session;
    else last.after = session;
    this.last = session;
  }

  remove(session: Timed): void {
    const before = session.before;
    const after = session.after;
    if (before == null) this.first = after;
    else before.after = after;
    if (after == null) this.last = before;
    else after.before = before;
    session.before = null;
    session.after = null;
    session.queue = null;
  }

  reset(): void {
    this.first = null;
    this.last = null;
  }

  /** Ends what has waited until now. */
  expire(now: u64): void {
    let first = this.first;
    while (first != null && first.due <= now) {
      first.expire();
      first = this.first;
    }
  }

  /** When the first one's time is over. */
  deadline(): u64 {
    const first = this.first;
    return first == null ? u64.MAX_VALUE : first.due;
  }
}
