/** Turns of the program, and sleep in between. */

import { Level } from "../../../../stdlib/core/level";
import { Field } from "../../../common/drivers/boot-record";
import { option } from "../../../common/drivers/command-line";
import { trapName } from "../../../common/drivers/traps";
import * as devices from "../../../common/drivers/virtio/devices";
import { TRAP_CAUSE, TRAP_REQUEST } from "../boot-record";
import { boot, stop, wait } from "../hw";
import * as clock from "./needs/clock";
import * as interrupts from "./needs/interrupts";
import * as links from "./needs/link";
import * as log from "./needs/log";
import { turn } from "./turn";

/** When the timer will wake us; MAX_VALUE: not at all. */
let alarm: u64 = u64.MAX_VALUE;

export function start(): void {
  alarm = u64.MAX_VALUE;
  if (boot(Field.restarts) != 0) tellWhy();
}

/** Never returns. */
export function run(): void {
  const ends = option("appl.exit");
  while (true) {
    const deadline = turn(clock.now());
    if (ends) leave();
    if (deadline < alarm && !setAlarm(deadline)) continue;
    if (!devices.rest() || !links.rest()) continue;
    wait();
    const bits = interrupts.taken();
    if ((bits & interrupts.TIMER) != 0) alarm = u64.MAX_VALUE;
    devices.woken(bits);
    links.woken(bits);
    interrupts.acknowledge();
  }
}

/** False when the time has come already. */
function setAlarm(deadline: u64): bool {
  if (deadline <= clock.now()) return false;
  alarm = deadline;
  interrupts.wakeAt(clock.counterAt(deadline));
  return true;
}

/** The option `appl.exit`: the machine ends as soon as it is ready. */
function leave(): void {
  log.text("ready");
  log.end();
  stop();
}

/** Why the program was started again. */
function tellWhy(): void {
  if (!log.at(Level.error)) return;
  const trap = boot(Field.trap);
  log.text("restart ");
  log.number(boot(Field.restarts));
  log.text(": ");
  if (trap == TRAP_REQUEST) log.text("requested");
  else {
    describe(trap);
    log.text(" in function ");
    log.number(boot(Field.trapFunction));
    log.text(" + 0x");
    log.hexadecimal(boot(Field.trapOffset), 4);
    log.text(", address 0x");
    log.hexadecimal(boot(Field.trapTarget), 8);
  }
  log.end();
}

function describe(trap: u64): void {
  const name = trapName(trap);
  if (trap >= TRAP_CAUSE) {
    log.text("exception ");
    log.number(trap - TRAP_CAUSE);
  } else if (name.length > 0) log.text(name);
  else {
    log.text("trap ");
    log.number(trap);
  }
}
