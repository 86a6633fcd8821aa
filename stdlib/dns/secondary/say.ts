/** What people are told of copies on the console. */
import { Bytes } from "../../core/bytes";
import { Level } from "../../core/level";
import * as log from "../needs/log";
import { Copy } from "./copies";

/** What goes wrong with a copy. */
export namespace Fault {
  export const none: i32 = 0;
  export const unreachable: i32 = 1;
  export const silent: i32 = 2;
  export const refused: i32 = 3;
  export const malformed: i32 = 4;
  export const full: i32 = 5;
  export const unsound: i32 = 6;
  export const badSignature: i32 = 7;
  export const timeless: i32 = 8;
  export const expired: i32 = 9;
}

function reason(fault: i32): string {
  if (fault == Fault.unreachable) return "cannot be reached";
  if (fault == Fault.silent) return "does not answer";
  if (fault == Fault.refused) return "refuses it, code ";
  if (fault == Fault.malformed) return "sends what is no zone";
  if (fault == Fault.full) return "has a zone that does not fit: it wants more `memory`";
  if (fault == Fault.unsound)
    return "sends a zone without SOA or NS, with two aliases of one name, or another SOA";
  if (fault == Fault.badSignature) return "does not sign as it should";
  return "is not asked: nobody here knows the time, and signatures need it";
}

/** Once for each copy, until it changes. */
export function failed(copy: Copy, fault: i32, code: u32): void {
  if (copy.fault == fault) return;
  copy.fault = fault;
  if (!log.at(Level.warning)) return;
  begin(copy.name);
  server(copy);
  log.text(" ");
  log.text(reason(fault));
  if (fault == Fault.refused) log.number(code);
  log.end();
}

export function copied(copy: Copy): void {
  copy.fault = Fault.none;
  const table = copy.current!;
  if (!log.at(Level.info)) return;
  begin(copy.name);
  log.text("serial ");
  log.number(copy.serial);
  log.text(" from ");
  server(copy);
  log.text(", ");
  log.number(table.count);
  log.text(" names, ");
  log.number((table.length + 1023) / 1024);
  log.text(" KiB");
  log.end();
}

export function expired(copy: Copy): void {
  copy.fault = Fault.expired;
  if (!log.at(Level.error)) return;
  begin(copy.name);
  log.text("is too old to be answered from: no server of it was reached");
  log.end();
}

function begin(name: Bytes): void {
  log.text("dns: ");
  if (name.length == 1) log.text(".");
  for (let at: u32 = 0; name.u8(at) != 0; at += name.u8(at) + 1) {
    if (at > 0) log.text(".");
    for (let n: u32 = 1; n <= name.u8(at); n++) {
      const c = name.u8(at + n);
      log.character(c > 32 && c < 127 ? c : 63);
    }
  }
  log.text(": ");
}

function server(copy: Copy): void {
  const addresses = copy.servers.addresses;
  const high = addresses[2 * copy.server];
  const low = addresses[2 * copy.server + 1];
  if (high == 0) log.address(<u32>low);
  else log.address6(high, low);
}
