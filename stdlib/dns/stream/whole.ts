/** The memory for one message over TCP, in which answers and questions of our own are written. Nobody keeps anything there. */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";

/** The longest answer over TCP: as long as RFC 1035 4.2.2 lets messages be, less on small machines. */
export const STREAM_SIZE: u32 = isSmall ? 16382 : 65535;
/** Bytes of the length before it. */
export const PREFIX: u32 = 2;

export const whole = new Bytes(new StaticArray<u8>(<i32>(PREFIX + STREAM_SIZE)), 0, PREFIX + STREAM_SIZE);
const message = new Bytes(new StaticArray<u8>(0), 0, 0);

/** All of it behind the length. */
export function buffer(): Bytes {
  message.window(whole, PREFIX, STREAM_SIZE);
  return message;
}
