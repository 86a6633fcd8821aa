/** What the toolstack asks of a running guest: Xen, docs/misc/xenstore-paths.pandoc, `control/shutdown` and `memory/target`. */
import { Level } from "../../../../stdlib/core/level";
import { Reason, shutdown } from "../calls";
import { stop } from "../hw";
import * as log from "./needs/log";
import * as store from "./needs/store";

/** Tokens of the watches. */
const SHUTDOWN: u32 = 8;
const MEMORY: u32 = 9;

/** KiB; 0 before it was said. */
let target: u64 = 0;

export function start(): void {
  target = 0;
  can("poweroff");
  can("reboot");
  watch("control/shutdown", SHUTDOWN);
  watch("memory/target", MEMORY);
}

function can(what: string): void {
  store.begin();
  store.text("control/feature-");
  store.text(what);
  store.byte(0);
  store.number(1);
  store.write();
}

function watch(path: string, token: u32): void {
  store.begin();
  store.text(path);
  store.watch(token);
}

/** After sleep: what has changed in the store. */
export function serve(fired: u64): void {
  if ((fired & (1 << (<u64>SHUTDOWN))) != 0) obey();
  if ((fired & (1 << (<u64>MEMORY))) != 0) tellTarget();
}

function read(path: string): bool {
  store.begin();
  store.text(path);
  return store.read() && store.length > 0;
}

function says(word: string): bool {
  if (store.length != <u32>word.length) return false;
  for (let n = 0; n < word.length; n++) if (<u32>store.answer[n] != <u32>word.charCodeAt(n)) return false;
  return true;
}

function obey(): void {
  if (!read("control/shutdown")) return;
  const powersOff = says("poweroff") || says("halt");
  const reboots = says("reboot");
  // An empty text says that the request was seen.
  store.begin();
  store.text("control/shutdown");
  store.byte(0);
  store.write();
  if (powersOff) {
    if (log.at(Level.notice)) {
      log.text("power-off requested");
      log.end();
    }
    stop();
  } else if (reboots) {
    if (log.at(Level.notice)) {
      log.text("reboot requested");
      log.end();
    }
    shutdown(Reason.reboot);
  } else if (log.at(Level.warning)) {
    log.text("control: suspend and migration are not supported; the request is refused");
    log.end();
  }
}

/** Memory is as much as at the start: it is neither given back nor taken. */
function tellTarget(): void {
  if (!read("memory/target")) return;
  const wanted = store.decimal(0);
  if (wanted == target) return;
  if (target != 0 && log.at(Level.notice)) {
    log.text("control: a memory target of ");
    log.number(wanted);
    log.text(" KiB was set; this guest keeps what it has");
    log.end();
  }
  target = wanted;
}
