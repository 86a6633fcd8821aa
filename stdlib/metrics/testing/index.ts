/** The endpoint on a scripted transport, for tests. */
import { Measures, Source } from "../../core/measures";
import { Reasons } from "../../core/reasons";
import { bytesOf } from "../../core/text";
import { Ip, Prefix } from "../../core/values";
import { set as setClock } from "../../net/simulation/clock";
import { openTo } from "../../net/simulation/tcp";
import { allow } from "../access";
import { set } from "../answer";
import { deadline, MetricsAcceptor, make, poll, reset } from "../connection";
import { longest, show } from "../exposition";
import { Registry } from "../registry";

export {
  arrive,
  endIt,
  inputAt,
  isAborted,
  isClosed,
  outputAt,
  setRoom,
  taken,
} from "../../net/simulation/tcp";
export { deadline };

const acceptor = new MetricsAcceptor();
let isWell = true;
const counts: StaticArray<u64> = [3, u64.MAX_VALUE];

/** What `./told` would ask in an appliance. */
export function health(to: Reasons): void {
  if (isWell) return;
  to.text("eth0: the link is down for ");
  to.number(7);
  to.end();
}

@final
class Time extends Source {
  value(): u64 {
    return 12_034_000_000;
  }
}

function measures(to: Measures): void {
  to.counter("test_drops", "What was dropped.");
  to.entry('reason="a"', counts, 0);
  to.seconds("test_age_seconds", "How old it is.");
  to.worked("", new Time());
  to.counter("test_drops", "Told by another module, and not used.");
  to.entry('reason="a"', counts, 1);
  to.entry('reason="b"', counts, 1);
}

/** Networks of 127.0.0.0/8 and 2001:db8::/32 may ask. */
export function begin(connections: i32): void {
  const registry = new Registry();
  measures(registry);
  show(registry.finish());
  set(bytesOf("/metrics"), bytesOf("/healthz"));
  const four = new StaticArray<u8>(16);
  four[0] = 127;
  const six = new StaticArray<u8>(16);
  six[0] = 0x20;
  six[1] = 0x01;
  six[2] = 0x0d;
  six[3] = 0xb8;
  allow([new Prefix(new Ip(4, four), 8), new Prefix(new Ip(6, six), 32)]);
  make(connections, longest());
}

export function restart(): void {
  reset();
}
export function setWell(well: bool): void {
  isWell = well;
}
export function setTime(now: u64): void {
  setClock(now);
  poll(now);
}
export function connect(low: u64): bool {
  return openTo(acceptor, low);
}
