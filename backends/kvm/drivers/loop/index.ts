/** Turns of the program, and sleep in between. */

import { Level } from "../../../../stdlib/core/level";
import { Field } from "../../../common/drivers/boot-record";
import { option } from "../../../common/drivers/command-line";
import { trapName } from "../../../common/drivers/traps";
import * as devices from "../../../common/drivers/virtio/devices";
import { TRAP_REQUEST, TRAP_VECTOR } from "../../../common/drivers/x86/boot-record";
import { boot, wait } from "../../../common/drivers/x86/hw";
import { exit } from "../exit";
import * as clock from "./needs/clock";
import * as interrupts from "./needs/interrupts";
import * as log from "./needs/log";
import { turn } from "./turn";

const SECOND: u64 = 1_000_000_000;
/** The timer counts 32 bits: it is set for at most so long. */
const LONGEST: u64 = 2 * SECOND;

/** When the timer will wake us; MAX_VALUE: not at all. */
let alarm: u64 = u64.MAX_VALUE;
let hertz: u64 = 0;

export function start(): void {
  alarm = u64.MAX_VALUE;
  hertz = interrupts.timerHertz();
  if (boot(Field.restarts) != 0) tellWhy();
}

/** Never returns. */
export function run(): void {
  const ends = option("appl.exit");
  while (true) {
    const deadline = turn(clock.now());
    if (ends) leave();
    if (deadline < alarm && !setAlarm(deadline)) continue;
    if (!devices.rest()) continue;
    wait();
    const bits = interrupts.taken();
    if ((bits & interrupts.TIMER) != 0) alarm = u64.MAX_VALUE;
    devices.woken(bits);
    interrupts.acknowledge(bits);
  }
}

/** False when the time has come already. */
function setAlarm(deadline: u64): bool {
  const now = clock.now();
  if (deadline <= now) return false;
  if (interrupts.deadlineMode) {
    alarm = deadline;
    interrupts.wakeAt(clock.counterAt(deadline));
  } else {
    const span = min(deadline - now, LONGEST);
    alarm = now + span;
    interrupts.wakeAfter(<u32>((span * (hertz / 1000)) / (SECOND / 1000)));
  }
  return true;
}

/** The option `appl.exit`: the machine ends as soon as it is ready. */
function leave(): void {
  log.text("ready");
  log.end();
  exit(0);
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
  if (trap >= TRAP_VECTOR) {
    log.text("exception ");
    log.number(trap - TRAP_VECTOR);
  } else if (name.length > 0) log.text(name);
  else {
    log.text("trap ");
    log.number(trap);
  }
}
