/** net.Udp of tests: datagrams of our own are kept, the last one. */
import { Bytes } from "../../core/bytes";
import { Responder } from "../../net/udp";

const MOST: u32 = 1472;
const out = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
let size: u32 = 0;
let to: u64 = 0;

export function bind(_high: u64, _low: u64, _port: u32, _responder: Responder): bool {
  return true;
}

export function outgoing(_high: u64, low: u64): Bytes | null {
  out.length = MOST;
  to = low;
  return out;
}

export function send(_port: u32, _toPort: u32, length: u32): void {
  size = length;
}

export function sentAt(): usize {
  return out.pointer(0, 1);
}
/** 0: nothing since this was asked last. */
export function sentSize(): u32 {
  const sent = size;
  size = 0;
  return sent;
}
export function sentTo(): u64 {
  return to;
}
