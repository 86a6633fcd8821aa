/** Set-up of copies. */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";
import { Config } from "../config";
import * as tcp from "../needs/tcp";
import { Table } from "../tables";
import { serversOf } from "../transfer/prepare";
import { Name } from "../zone/name";
import { makeBlocks } from "./block";
import { makePath } from "./build";
import { make as makeClient } from "./client";
import { Copy, set } from "./copies";
import { makeHosts } from "./hosts";
import { make as makeIncoming } from "./incoming";
import { makeReader } from "./reader";
import { makeValues } from "./values";

/** Bytes that a server may send before they are looked at, and those of its connections: one that is, one that waits out its time. */
const WINDOW: u32 = isSmall ? 8192 : 16384;
const MEMORY: u32 = isSmall ? 16384 : 65536;
const CONNECTIONS: u32 = 4;
let copies: Array<Copy> = [];
let largest: u64 = 0;

/** The zone with this name and place in the description. */
export function addCopy(config: Config, number: i32, name: Name): void {
  const secondary = config.zone[number].secondary!;
  const bytes = new StaticArray<u8>(name.length);
  for (let n = 0; n < name.length; n++) bytes[n] = name.bytes[n];
  const expire = secondary.expire;
  const memory = <u32>secondary.memory;
  largest = max(largest, secondary.memory);
  copies.push(
    new Copy(
      new Bytes(bytes, 0, name.length),
      number,
      serversOf(secondary.from, secondary.key),
      expire == null ? 0 : expire.value,
      new Table(memory),
      new Table(memory),
    ),
  );
}

export function makeCopies(): void {
  set(copies);
  copies = [];
  makeIncoming(<u32>largest * 2);
  makeValues();
  makeReader();
  makeBlocks();
  makeHosts();
  makePath();
  makeClient();
  tcp.attach();
  tcp.reserve(CONNECTIONS, WINDOW, MEMORY);
}

/** Is the name that of a copy already? */
export function isCopied(name: Name): bool {
  for (let n = 0; n < copies.length; n++) {
    const other = copies[n].name;
    if (other.length != <u32>name.length) continue;
    let isSame = true;
    for (let i = 0; i < name.length; i++) if (other.u8(i) != name.bytes[i]) isSame = false;
    if (isSame) return true;
  }
  return false;
}
