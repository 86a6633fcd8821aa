/** Turns of the program, and sleep in between. */
import { Level } from "../../../../stdlib/core/level";
import { Field } from "../../../common/drivers/boot-record";
import { option } from "../../../common/drivers/command-line";
import { trapName } from "../../../common/drivers/traps";
import { TRAP_CAUSE, TRAP_REQUEST } from "../boot-record";
import { boot, sleep, stop } from "../hw";
import * as clock from "./needs/clock";
import * as interrupts from "./needs/interrupts";
import * as links from "./needs/link";
import * as log from "./needs/log";
import { tellReset } from "./reset";
import { turn } from "./turn";

export function start(): void {
  if (boot(Field.restarts) != 0) tellWhy();
  else tellReset();
}

/** Never returns. */
export function run(): void {
  const ends = option("appl.exit");
  while (true) {
    const deadline = turn(clock.now());
    if (ends) leave();
    if (interrupts.wakeAt(clock.counterAt(deadline)) && links.rest()) sleep();
  }
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
