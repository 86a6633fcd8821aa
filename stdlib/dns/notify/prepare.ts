/** Set-up of who is told of changes. */
import { Config } from "../config";
import { NO_KEY } from "../server/asker";
import { make, room, Told } from "./out";

export function makeNotices(config: Config): void {
  const told: Told[] = [];
  for (let n = 0; n < config.zone.length; n++) {
    const transfer = config.zone[n].transfer;
    if (transfer == null || !transfer.notify) continue;
    const key = transfer.key;
    for (let i = 0; i < transfer.to.length; i++) {
      const to = transfer.to[i];
      told.push(new Told(n, to.high, to.low, key == null ? NO_KEY : key.value, room()));
    }
  }
  make(told, <u32>config.listen[0].port);
}
