/** What people are told: one line for each thing that changes. */
import { Level } from "../../core/level";
import { Client } from "./client";
import { FOREVER } from "./message";
import * as log from "./needs/log";

function name(client: Client): void {
  log.text(client.nic.name);
  log.text(": ");
}

/** `eth0: 10.0.2.15/24 by DHCP from 10.0.2.2, router 10.0.2.2, for 86400 s` */
export function held(client: Client): void {
  const lease = client.lease;
  const nic = client.nic;
  if (!log.at(Level.info)) return;
  name(client);
  log.address(lease.address);
  log.text("/");
  log.number(<u64>popcnt(lease.mask));
  log.text(" by DHCP from ");
  log.address(lease.server);
  const router = client.gateway != 0 ? client.gateway : lease.router;
  if (router != 0) {
    log.text(", router ");
    log.address(router);
  }
  if (nic.mtu < client.mtu) {
    log.text(", MTU ");
    log.number(<u64>nic.mtu);
  }
  if (lease.lease == FOREVER) log.text(", for ever");
  else {
    log.text(", for ");
    log.number(<u64>lease.lease);
    log.text(" s");
  }
  log.end();
}

export function silence(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.text("no DHCP server answers, and they are asked on");
  log.end();
}

export function notRenewed(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.text("DHCP server ");
  log.address(client.lease.server);
  log.text(" does not renew ");
  log.address(client.lease.address);
  log.text(": all are asked");
  log.end();
}

export function expired(client: Client): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.address(client.lease.address);
  log.text(" is given up: nobody has renewed it");
  log.end();
}

export function refused(client: Client, server: u32): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.address(client.lease.address);
  log.text(" is refused by DHCP server ");
  log.address(server);
  log.end();
}

export function declined(client: Client, mac: u64): void {
  if (!log.at(Level.warning)) return;
  name(client);
  log.address(client.lease.address);
  log.text(" from DHCP server ");
  log.address(client.lease.server);
  log.text(" is declined: ");
  log.hardware(mac);
  log.text(" uses it");
  log.end();
}

export function link(client: Client, isUp: bool): void {
  if (!log.at(Level.notice)) return;
  name(client);
  log.text(isUp ? "the link is up" : "the link is down");
  log.end();
}
