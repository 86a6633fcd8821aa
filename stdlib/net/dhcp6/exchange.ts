/** How long an answer is waited for: RFC 9915 15, with the numbers of 7.6. */
import { Client, State } from "./client";
import { TRANSACTION } from "./message";
import { random } from "./needs/random";

export const SECOND: u64 = 1_000_000_000;
const USUAL_MOST: u64 = 3600;

/** An exchange begins: nothing of it was sent yet. */
export function enter(client: Client, state: i32, now: u64): void {
  client.state = state;
  client.transaction = <u32>random() & TRANSACTION;
  client.tries = 0;
  client.wait = 0;
  client.begunAt = now;
}

/** How long to wait after what was sent just now. */
export function patience(client: Client): u64 {
  const state = client.state;
  const isSoliciting = state == State.soliciting;
  const first = state == State.renewing || state == State.rebinding ? 10 * SECOND : SECOND;
  const before = client.wait;
  const most = longest(client) * SECOND;
  let wait: u64 = 0;
  // 18.2.1: all that is advertised within a second counts, so this wait is never shorter.
  if (before == 0) wait = isSoliciting ? first + 1 + (random() % (first / 10)) : varied(first, first);
  else wait = varied(2 * before, before);
  if (wait > most) wait = varied(most, most);
  client.wait = wait;
  return wait;
}

/** Up to a tenth of `part` more or less. */
function varied(time: u64, part: u64): u64 {
  return time - part / 10 + (random() % (part / 5 + 1));
}

/** In seconds. */
function longest(client: Client): u64 {
  switch (client.state) {
    case State.soliciting:
      return client.solicitMost == 0 ? USUAL_MOST : <u64>client.solicitMost;
    case State.informing:
      return client.informationMost == 0 ? USUAL_MOST : <u64>client.informationMost;
    case State.requesting:
      return 30;
    case State.confirming:
      return 4;
    case State.declining:
      return USUAL_MOST;
    default:
      return 600;
  }
}

/** How often it is asked at most; 0: as often as there is time. */
export function mostTries(client: Client): u32 {
  return client.state == State.requesting ? 10 : client.state == State.declining ? 4 : 0;
}
