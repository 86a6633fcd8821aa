/** A library for tests, beside the real ones: a module that has a slot of every kind and shows what is in it. */
import { type Files, MemoryFiles } from "#lang";

const interfaces = `appl 1
library std/probe

use std/core

type Key   = Bytes where len(it) in 16..64
type Pass  = Str where it matches r"^[ -~]{8,63}$"
type Level = low | mid | high

## Shows its slots on the console; of secrets only how long they are.
module probe {
  needs log : core.Log
  option key     : Secret<Key>
  option pass    : Secret<Pass>?      = none
  option level   : AtBoot<Level>      = mid
  option count   : AtBoot<Int in 1..99> = 5
  option address : AtBoot<IfaceAddr>  = 192.0.2.1/24
  option server  : AtBoot<SocketAddr> = [2001:db8::1]:514
  option timeout : AtBoot<Duration>   = 1h30m
  option host    : AtBoot<HostLabel>  = "ns1"
  option words   : AtBoot<Str>        = "none"
  code prepare "./prepare.ts"
  code as "./index.ts" { hooks = [start] }
}
`;

const prepare = `import { Config } from "./config";
import { install } from "./index";
export function prepare(config: Config): void {
  install(config.key, config.pass, config.level, config.count, config.address, config.server, config.timeout, config.host, config.words);
}
`;

const runTime = `import { Bytes } from "../core/bytes";
import { AddressSlot } from "../core/slots/address";
import { NumberSlot } from "../core/slots/number";
import { BytesSlot, TextSlot } from "../core/slots/text";
import * as log from "./needs/log";
let key: BytesSlot | null = null;
let pass: TextSlot | null = null;
let level: NumberSlot | null = null;
let count: NumberSlot | null = null;
let address: AddressSlot | null = null;
let server: AddressSlot | null = null;
let timeout: NumberSlot | null = null;
let host: TextSlot | null = null;
let text: TextSlot | null = null;
export function install(a: BytesSlot, b: TextSlot | null, c: NumberSlot, d: NumberSlot, e: AddressSlot, f: AddressSlot, g: NumberSlot, h: TextSlot, i: TextSlot): void {
  key = a; pass = b; level = c; count = d; address = e; server = f; timeout = g; host = h; text = i;
}
function shown(bytes: Bytes): void {
  for (let n: u32 = 0; n < bytes.length; n++) log.character(bytes.u8(n));
}
export function start(): void {
  log.text("probe key="); log.number(key!.bytes.length);
  let sum: u64 = 0;
  for (let n: u32 = 0; n < key!.bytes.length; n++) sum += key!.bytes.u8(n);
  log.text("/"); log.number(sum);
  const given = pass;
  if (given != null) { log.text(" pass="); log.number(given.bytes.length); }
  log.text(" level="); log.number(<u64>level!.value);
  log.text(" count="); log.number(<u64>count!.value);
  log.text(" address="); log.address(address!.v4); log.text("/"); log.number(address!.length);
  log.text(" server="); log.hexadecimal(server!.high, 16); log.hexadecimal(server!.low, 16); log.text(":"); log.number(server!.port);
  log.text(" timeout="); log.number(<u64>timeout!.value);
  log.text(" host="); shown(host!.bytes);
  log.text(" text="); shown(text!.bytes);
  log.end();
}
`;

export const probe = new MemoryFiles({
  "stdlib/probe/probe.appl": interfaces,
  "stdlib/probe/prepare.ts": prepare,
  "stdlib/probe/index.ts": runTime,
});

/** The libraries, and this one. */
export const withProbe = (libraries: Files): Files => ({
  read: (path) => probe.read(path) ?? libraries.read(path),
  list: (path) => [...(libraries.list(path) ?? []), ...(probe.list(path) ?? [])],
});
