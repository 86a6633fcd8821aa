import { Bytes } from "../core/bytes";
import { digest } from "../core/identity";

const PREFIX = "sha256:";
/** Of a TXT record: its length, the algorithm, 64 digits. */
const ofContents = new Bytes(new StaticArray<u8>(72), 0, 72);

/** The largest reply, in bytes. */
export let udpSize: u32 = 1232;
/** What the server tells about itself: a string with its length as in a TXT record, or nothing. */
export let identity: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
export let version: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);

/** Nobody is answered. */
export let isStopped: bool = false;

export function stop(): void {
  isStopped = true;
}

/** In `start`: the version is the digest of the image's contents. */
export function identify(): void {
  version = ofContents;
  for (let n: i32 = 0; n < PREFIX.length; n++) version.setU8(<u32>n + 1, <u32>PREFIX.charCodeAt(n));
  version.setU8(0, version.length - 1);
  digest(version, <u32>PREFIX.length + 1);
}

export function set(size: u32, newIdentity: Bytes, newVersion: Bytes): void {
  udpSize = size;
  identity = newIdentity;
  version = newVersion;
}
