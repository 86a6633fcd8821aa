/** Set-up of who may ask. */
import { Prefix } from "../../core/values";
import { Config } from "../config";
import { set } from "./access";

const ALL: u64 = u64.MAX_VALUE;
const HALF: u64 = 64;

export function makeAccess(config: Config): void {
  const made: Array<StaticArray<u64> | null> = [];
  for (let n = 0; n < config.zone.length; n++) {
    const query = config.zone[n].query;
    let only: Array<Prefix> | null = null;
    if (query != null) only = query.allow.only;
    made.push(only == null ? null : networksOf(only));
  }
  set(made);
}

function networksOf(prefixes: Array<Prefix>): StaticArray<u64> {
  const list: u64[] = [];
  for (let n = 0; n < prefixes.length; n++) {
    const ip = prefixes[n].ip;
    const length = <u64>prefixes[n].length;
    list.push(ip.high);
    list.push(ip.low);
    if (ip.family == 4) {
      list.push(ALL);
      list.push(ALL << (32 - length));
    } else {
      list.push(upper(min(length, HALF)));
      list.push(length > HALF ? upper(length - HALF) : 0);
    }
    list.push(ip.family);
  }
  return StaticArray.fromArray(list);
}

/** The upper bits of a half. */
function upper(count: u64): u64 {
  return count == 0 ? 0 : ALL << (HALF - count);
}
