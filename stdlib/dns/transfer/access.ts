/** Who may copy which zone: by address, since whoever can answer to a connection's packets has it, and by key (RFC 5936 5). */
import { high, key, low, NO_KEY } from "../server/asker";

/** For one zone. */
@final
export class Servers {
  constructor(
    /** Their addresses in two halves, one after the other. */
    public addresses: StaticArray<u64>,
    /** The key that they must sign with; NO_KEY: none. */
    public key: i32,
  ) {}

  /** Is whoever asks one of them? */
  includes(): bool {
    if (this.key != NO_KEY && key != this.key) return false;
    const list = this.addresses;
    for (let n = 0; n < list.length; n += 2) if (list[n] == high && list[n + 1] == low) return true;
    return false;
  }
}

/** For each zone of the description in its order; null: nobody. */
let allowed: StaticArray<Servers | null> = [];

/** In `prepare`. */
export function set(servers: Array<Servers | null>): void {
  allowed = StaticArray.fromArray(servers);
}

/** May whoever asks copy the zone of this number? */
export function mayCopy(zone: u32): bool {
  const servers = allowed[zone];
  return servers == null ? false : servers.includes();
}
