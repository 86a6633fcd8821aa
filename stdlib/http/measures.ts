/** What the server tells of itself: see `core/measures.ts`. */
import { Measures, Source } from "../core/measures";
import { skipped } from "./access/limits";
import { access } from "./parts";
import { measure as measureServer } from "./server/counters";
import { count } from "./server/waiting";

@final
class Connections extends Source {
  value(): u64 {
    return count();
  }
}

export function measure(to: Measures): void {
  measureServer(to);
  if (access) {
    to.counter(
      "http_requests_not_logged",
      "Requests that were not written down because there were too many.",
    );
    to.entry("", skipped, 0);
  }
  to.gauge("http_connections", "Connections of clients.");
  to.worked("", new Connections());
}
