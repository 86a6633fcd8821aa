/** A bus of the description. */
import { Config, Pull } from "./config";
import { find } from "./needs/pins";
import { buses, Wires } from "./wires";

const MILLION: u64 = 1_000_000;

export function prepare(config: Config): void {
  const hertz = <u64>config.clock / MILLION;
  const isPulled = config.pull == Pull.internal;
  buses.push(new Wires(find(config.sda), find(config.scl), hertz, isPulled, config.stretch));
}
