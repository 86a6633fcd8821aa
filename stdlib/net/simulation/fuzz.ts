/**
 * Mutated packets through the whole receive path: it runs here, not in the test, so that a million take seconds. What a host must never
 * do is checked after each: trap (the test sees it), answer more than was asked for, answer to a group, send what does not parse,
 * keep a packet.
 */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { HEADROOM, Packet } from "../../core/packet";
import { turn } from "./index";
import { simulated } from "./link";
import { random, seed } from "./random";

/** Faults that the test reads. */
namespace Fault {
  export const none = 0;
  export const tooLarge = 1;
  export const tooMany = 2;
  export const toGroup = 3;
  export const badHeader = 4;
  export const badChecksum = 5;
  export const kept = 6;
}

const MOST: u32 = 1514;
const FRAME: u32 = 14;
/** An ICMP error quotes 28 bytes and adds headers of 28: RFC 792 wants it larger than a small datagram. */
const ERROR_MORE: u32 = 28;
/** What Ethernet pads frames to. */
const SHORTEST: u32 = 60;

const samples: StaticArray<u8>[] = [];
const memory2 = new StaticArray<u8>(2048);
const frame = new Bytes(memory2, 0, 2048);
let length: u32 = 0;
let now: u64 = 1_000_000_000;
let fault: i32 = Fault.none;

/** Frames that mutations begin with. */
export function addSample(sample: StaticArray<u8>): void {
  samples.push(sample);
}

/** The rule that was broken, and 0 if none was. */
export function fuzzFault(): i32 {
  return fault;
}

/** `count` packets on link 0 whose hardware address is `mac`. Gives how many were looked at; fewer than `count` after a fault. */
export function fuzz(from: u64, count: u32, mac: u64): u32 {
  seed(from);
  for (let n: u32 = 0; n < count; n++) {
    choose();
    for (let times = below(5); times > 0; times--) mutate();
    if (below(8) != 0) repair(mac);
    // Mostly a flood, and now and then so long a pause that everything times out.
    now += below(1024) == 0 ? 20_000_000_000 : <u64>below(200_000);
    simulated(0).arrive(changetype<usize>(memory2), length, below(4) == 0);
    turn(now);
    turn(now);
    if (!check()) return n;
  }
  return count;
}

function below(limit: u32): u32 {
  return <u32>(((random() >> 32) * <u64>limit) >> 32);
}

function choose(): void {
  const sample = samples[<i32>below(<u32>samples.length)];
  length = min(<u32>sample.length, MOST);
  memory.copy(changetype<usize>(memory2), changetype<usize>(sample), length);
}

/** Numbers at which programs break. */
function interesting(): u32 {
  const which = below(8);
  if (which == 0) return 0;
  if (which == 1) return 0xffff;
  if (which == 2) return 0x7fff;
  if (which == 3) return 0x8000;
  if (which == 4) return length - min(length, FRAME);
  if (which == 5) return below(64);
  return <u32>random();
}

function mutate(): void {
  if (length < 2) return;
  const which = below(8);
  // Mostly in the headers: a payload that is different is not worth much.
  const at = below(below(2) == 0 ? min(length - 1, 64) : length - 1);
  if (which < 2) frame.setU8(at, frame.u8(at) ^ (1 << below(8)));
  else if (which == 2) frame.setU8(at, interesting());
  else if (which < 5) frame.setBe16(at, interesting());
  else if (which == 5) length = below(length) + 1;
  else if (which == 6) extend();
  else moveSome(at);
}

function extend(): void {
  const end = min(MOST, length + below(200));
  while (length < end) {
    frame.setU8(length, below(4) == 0 ? <u32>random() : 0);
    length += 1;
  }
}

function moveSome(at: u32): void {
  const count = below(min(32, length - at));
  const to = below(length - count);
  memory.copy(changetype<usize>(memory2) + to, changetype<usize>(memory2) + at, count);
}

/** Makes some of what is checked first right again, so that mutations reach what lies behind. */
function repair(mac: u64): void {
  if (length < FRAME + 20) return;
  if (below(16) != 0 && (frame.u8(0) & 1) == 0) frame.setBe48(0, mac);
  if (frame.be16(12) != 0x0800) return;
  const header = (frame.u8(FRAME) & 15) * 4;
  if (below(4) != 0) frame.setBe16(FRAME + 2, length - FRAME);
  if (header < 20 || FRAME + header > length) return;
  frame.setBe16(FRAME + 10, 0);
  frame.setBe16(FRAME + 10, folded(frame.sum(FRAME, header, 0)) ^ 0xffff);
  const payload = FRAME + header;
  if (frame.u8(FRAME + 9) == 1 && payload + 8 <= length && below(8) != 0) {
    frame.setBe16(payload + 2, 0);
    frame.setBe16(payload + 2, folded(frame.sum(payload, length - payload, 0)) ^ 0xffff);
  }
  if (frame.u8(FRAME + 9) == 17 && payload + 8 <= length) {
    if (below(4) != 0) frame.setBe16(payload + 4, length - payload);
    if (below(4) != 0) frame.setBe16(payload + 6, 0);
  }
}

/** Looks at all that was sent and takes it from the wire. */
function check(): bool {
  const link = simulated(0);
  const isFragment = length >= FRAME + 8 && frame.be16(12) == 0x0800 && (frame.be16(FRAME + 6) & 0x3fff) != 0;
  let answers: u32 = 0;
  while (true) {
    const packet = link.sent.first();
    if (packet == null) break;
    const isArp = packet.bytes.be16(HEADROOM + 12) == 0x0806;
    if (isLate(packet)) {
      if (packet.length > SHORTEST + ERROR_MORE) fault = Fault.tooLarge;
      checkDatagram(packet);
    } else if (!isArp) {
      answers += 1;
      // What has been put together may be answered with several packets, as it came in several.
      if (answers > 1 && !isFragment) fault = Fault.tooMany;
      if (packet.length > max(length, SHORTEST) + ERROR_MORE && !isFragment) fault = Fault.tooLarge;
      checkDatagram(packet);
    }
    link.taken();
  }
  if (link.held != 0) fault = Fault.kept;
  return fault == Fault.none;
}

/** About fragments that came long ago. */
function isLate(packet: Packet): bool {
  const ip = HEADROOM + FRAME;
  return (
    packet.bytes.be16(HEADROOM + 12) == 0x0800 &&
    packet.bytes.u8(ip + 9) == 1 &&
    packet.bytes.u8(ip + 20) == 11
  );
}

function checkDatagram(packet: Packet): void {
  const bytes = packet.bytes;
  if ((bytes.u8(HEADROOM) & 1) != 0) fault = Fault.toGroup;
  const ip = HEADROOM + FRAME;
  if (bytes.u8(ip) != 0x45 || bytes.be16(ip + 2) != packet.length - FRAME) fault = Fault.badHeader;
  if (folded(bytes.sum(ip, 20, 0)) != 0xffff) fault = Fault.badChecksum;
}
