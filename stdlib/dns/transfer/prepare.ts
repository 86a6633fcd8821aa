/** Set-up of copies for other servers. */
import { Ip } from "../../core/values";
import { Config, OptionalI32 } from "../config";
import { NO_KEY } from "../server/asker";
import { Servers, set } from "./access";

export function makeTransfers(config: Config): void {
  const made: Array<Servers | null> = [];
  for (let n = 0; n < config.zone.length; n++) {
    const transfer = config.zone[n].transfer;
    made.push(transfer == null ? null : serversOf(transfer.to, transfer.key));
  }
  set(made);
}

/** Those with these addresses that sign with this key. */
export function serversOf(addresses: Array<Ip>, key: OptionalI32 | null): Servers {
  const halves = new StaticArray<u64>(addresses.length * 2);
  for (let n = 0; n < addresses.length; n++) {
    halves[2 * n] = addresses[n].high;
    halves[2 * n + 1] = addresses[n].low;
  }
  return new Servers(halves, key == null ? NO_KEY : key.value);
}
