/** What people are told: one line for each thing that changes. */
import { Level } from "../../core/level";
import { Client } from "./client";
import { FOREVER } from "./message";
import * as log from "./needs/log";

function name(client: Client): void {
  log.text(client.nic.name);
  log.text(": ");
}

function address(client: Client): void {
  log.address6(client.lease.high, client.lease.low);
}

function server(client: Client): void {
  log.address6(client.lease.fromHigh, client.lease.from);
}

/** `eth0: 2001:db8::1a4 by DHCPv6 from fe80::1, for 3600 s` */
export function held(client: Client): void {
  if (!log.at(Level.info)) return;
  name(client);
  address(client);
  log.text(" by DHCPv6 from ");
  server(client);
  if (client.lease.valid == FOREVER) log.text(", for ever");
  else {
    log.text(", for ");
    log.number(<u64>client.lease.valid);
    log.text(" s");
  }
  log.end();
}

/** `count` name servers were told, and no address. */
export function informed(client: Client, count: i32, high: u64, low: u64): void {
  if (!log.at(Level.info)) return;
  name(client);
  log.number(<u64>count);
  log.text(" name servers by DHCPv6 from ");
  log.address6(high, low);
  log.end();
}

export function silence(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.text("no DHCPv6 server answers, and they are asked on");
  log.end();
}

export function notRenewed(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.text("DHCPv6 server ");
  server(client);
  log.text(" does not renew ");
  address(client);
  log.text(": all are asked");
  log.end();
}

/** The address that it had is its own no more. */
export function givenUp(client: Client, why: string): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.address6(client.high, client.low);
  log.text(" is given up: ");
  log.text(why);
  log.end();
}

/** A server has no address to give; `status` is that of RFC 9915 21.13. */
export function refused(client: Client, status: u32, high: u64, low: u64): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.text("DHCPv6 server ");
  log.address6(high, low);
  log.text(" gives no address, status ");
  log.number(<u64>status);
  log.text(", and is asked on");
  log.end();
}

export function declined(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  address(client);
  log.text(" from DHCPv6 server ");
  server(client);
  log.text(" is declined: another host uses it");
  log.end();
}
