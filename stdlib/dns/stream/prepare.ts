/** Set-up of answers over TCP. */
import { isSmall } from "../../core/machine";
import { Config } from "../config";
import * as tcp from "../needs/tcp";
import { COURSES, make as makeCourses } from "../server/course";
import { DnsAcceptor } from "./acceptor";
import { set } from "./limits";
import { makePlaces } from "./message";
import { make as makeConnections } from "./waiting";

/** Bytes that a client may send before the server has looked at them. */
const WINDOW: u32 = isSmall ? 4096 : 16384;
/** Bytes for what all clients have sent, and as many for what is sent to them: at least, and for each connection. */
const MEMORY: u32 = isSmall ? 12288 : 65536;
const EACH: u32 = 512;
/** Places for questions that come in pieces. */
const PLACES: u32 = isSmall ? 2 : 16;
/** Of connections that are closed already, and wait out their time. */
const MORE: u32 = isSmall ? 4 : 16;
const CONNECTIONS: u32 = isSmall ? 8 : 100;
const IDLE: u64 = 10_000_000_000;

let acceptor: DnsAcceptor = new DnsAcceptor();

export function make(config: Config): void {
  const limits = config.limits;
  const connections = limits == null ? CONNECTIONS : <u32>limits.connections;
  set(connections, limits == null ? IDLE : limits.idle);
  makePlaces(min(PLACES, connections));
  if (COURSES) makeCourses(connections);
  makeConnections(connections);
  tcp.reserve(connections + MORE, WINDOW, max(MEMORY, connections * EACH));
}

/** False when the port is taken. */
export function take(high: u64, low: u64, port: u32): bool {
  return tcp.listen(high, low, port, acceptor);
}
