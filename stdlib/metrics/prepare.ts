/** Set-up: asks all modules what they count, and listens. */
import { isSmall } from "../core/machine";
import { error } from "../core/report";
import { bytesOf } from "../core/text";
import { allow } from "./access";
import { set } from "./answer";
import { Config } from "./config";
import { MetricsAcceptor, make } from "./connection";
import { longest, show } from "./exposition";
import { listen, reserve } from "./needs/tcp";
import { Registry } from "./registry";
import { measures } from "./told";

/** At once: a scrape is over in milliseconds. */
const CONNECTIONS: i32 = isSmall ? 2 : 4;
const WINDOW: u32 = 4096;
const MEMORY: u32 = isSmall ? 8192 : 65536;
/** Room for what modules say against the health of the appliance. */
const REASONS: u32 = isSmall ? 1024 : 4096;

export function prepare(config: Config): void {
  const registry = new Registry();
  measures(registry);
  show(registry.finish());
  set(bytesOf(config.path), bytesOf(config.health));
  allow(config.allow);
  make(CONNECTIONS, max(longest(), REASONS));
  reserve(<u32>CONNECTIONS * 2, WINDOW, MEMORY);
  const acceptor = new MetricsAcceptor();
  for (let n = 0; n < config.listen.length; n++) {
    const socket = config.listen[n];
    const ip = socket.ip;
    if (!listen(ip == null ? 0 : ip.high, ip == null ? 0 : ip.low, <u32>socket.port, acceptor))
      error("E0782", config.at, `port ${socket.port} is taken already`, "");
  }
}
