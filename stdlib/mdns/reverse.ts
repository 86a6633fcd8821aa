/** Names that lead from an address back to the host: RFC 1035 3.5, RFC 3596 2.5; RFC 6762 4 has those of the link asked here. */
import { Bytes } from "../core/bytes";
import { Nic } from "../net/nic";
import { Name, same } from "./names";
import { own6, places } from "./needs/multicast";

export const ALL: i32 = -1;
const DECIMAL: Name = Name.of("in-addr.arpa");
const NIBBLES: Name = Name.of("ip6.arpa");
const ADDRESS4: i32 = 0;
/** Of labels that are digits. */
const LONGEST: u32 = 3;
const POINTER: u32 = 0xc0;

/** The name that was made last. */
export const name = new Name();
const digits = new Bytes(new StaticArray<u8>(<i32>LONGEST), 0, LONGEST);

/** The name that the last question was for; ALL: it was none of these. */
export let asked: i32 = ALL;

export function ask(index: i32): void {
  asked = index;
}

/** How many addresses there may be: that of IPv4 first. */
export function most(): i32 {
  return 1 + places();
}

/** Makes the name of an address. False: there is none of that number. */
export function make(on: Nic, index: i32): bool {
  name.clear();
  if (index == ADDRESS4) {
    if (on.address == 0) return false;
    for (let n: u32 = 0; n < 4; n++) decimal((on.address >> (8 * n)) & 255);
    name.append(DECIMAL);
    return true;
  }
  const own = own6(on, index - 1);
  if (own == null) return false;
  nibbles(own.low);
  nibbles(own.high);
  name.append(NIBBLES);
  return true;
}

function decimal(value: u32): void {
  const size: u32 = value >= 100 ? 3 : value >= 10 ? 2 : 1;
  let rest = value;
  for (let n = size; n > 0; n--) {
    digits.setU8(n - 1, 48 + (rest % 10));
    rest /= 10;
  }
  name.label(digits, 0, size);
}

function nibbles(half: u64): void {
  for (let n: u64 = 0; n < 16; n++) {
    const value = <u32>(half >> (4 * n)) & 15;
    digits.setU8(0, value + (value < 10 ? 48 : 87));
    name.label(digits, 0, 1);
  }
}

/** Whose name stands there; ALL: it is none of an address of ours. */
export function indexOf(message: Bytes, at: u32, on: Nic): i32 {
  // Nearly every other name begins with a longer label; what is pointed at has to be looked at.
  if (!message.has(at, 1) || (message.u8(at) > LONGEST && message.u8(at) < POINTER)) return ALL;
  for (let n = 0; n < most(); n++) if (make(on, n) && same(message, at, name.bytes, 0)) return n;
  return ALL;
}
