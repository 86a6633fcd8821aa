/** Who may ask. */
import { Prefix } from "../core/values";
import { Stream } from "../net/tcp";

@final
class Network {
  constructor(
    readonly family: u32,
    readonly high: u64,
    readonly low: u64,
    readonly highMask: u64,
    readonly lowMask: u64,
  ) {}
}

let networks: StaticArray<Network> = [];

/** In `prepare`. */
export function allow(prefixes: Prefix[]): void {
  const all: Network[] = [];
  for (let n = 0; n < prefixes.length; n++) {
    const ip = prefixes[n].ip;
    const bits = <u32>prefixes[n].length;
    if (ip.family == 4) all.push(new Network(4, 0, ip.low, 0, mask(bits + 32) & 0xffffffff));
    else all.push(new Network(6, ip.high, ip.low, mask(min(bits, 64)), mask(bits < 64 ? 0 : bits - 64)));
  }
  networks = StaticArray.fromArray(all);
}

/** So many ones in front. */
function mask(bits: u32): u64 {
  return bits == 0 ? 0 : ~(<u64>0) << (64 - bits);
}

export function isAllowed(stream: Stream): bool {
  for (let n = 0; n < networks.length; n++) {
    const network = networks[n];
    if (
      network.family == stream.family &&
      ((network.high ^ stream.high) & network.highMask) == 0 &&
      ((network.low ^ stream.low) & network.lowMask) == 0
    )
      return true;
  }
  return false;
}
