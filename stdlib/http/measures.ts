/** What the server tells of itself: see `core/measures.ts`. */
import { Measures, Source } from "../core/measures";
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
  to.gauge("http_connections", "Connections of clients.");
  to.worked("", new Connections());
}
