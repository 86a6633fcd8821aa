/** Turns of the program, and sleep in between. */

import { Level } from "../../../../stdlib/core/level";
import { Field } from "../../../common/drivers/boot-record";
import { option } from "../../../common/drivers/command-line";
import { trapName } from "../../../common/drivers/traps";
import { TRAP_REQUEST, TRAP_VECTOR } from "../../../common/drivers/x86/boot-record";
import * as frontends from "../frontends";
import { boot, stop } from "../hw";
import * as clock from "./needs/clock";
import * as control from "./needs/control";
import * as events from "./needs/events";
import * as log from "./needs/log";
import * as store from "./needs/store";
import { turn } from "./turn";

export function start(): void {
  if (boot(Field.restarts) != 0) tellWhy();
}

/** Never returns. */
export function run(): void {
  const ends = option("appl.exit");
  while (true) {
    events.forget();
    const fired = store.takeFired();
    if (fired != 0) {
      frontends.serve(fired);
      control.serve(fired);
    }
    const deadline = turn(clock.now());
    if (ends) leave();
    if (deadline > clock.now() && frontends.rest()) events.sleep(clock.systemTimeOf(deadline));
  }
}

/** The option `appl.exit`: the guest ends as soon as it is ready. */
function leave(): void {
  log.text("ready");
  log.end();
  stop();
}

/** Why the program was started again. */
function tellWhy(): void {
  const trap = boot(Field.trap);
  if (!log.at(Level.error)) return;
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
