import { Bytes } from "../core/bytes";

/** The largest reply, in bytes. */
export let udpSize: u32 = 1232;
/** What the server tells about itself: a string with its length as in a TXT record, or nothing. */
export let identity: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
export let version: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);

export function set(size: u32, newIdentity: Bytes, newVersion: Bytes): void {
  udpSize = size;
  identity = newIdentity;
  version = newVersion;
}
