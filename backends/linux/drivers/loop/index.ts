/** Turns of the program, and sleep in between. */

import { Level } from "../../../../stdlib/core/level";
import { trapName } from "../../../common/drivers/traps";
import { Field, TRAP_REQUEST, TRAP_SIGNAL } from "../boot-record";
import { boot } from "../system";
import * as clock from "./needs/clock";
import * as log from "./needs/log";
import { rest } from "./rest";
import { turn } from "./turn";

export function start(): void {
  if (boot(Field.restarts) != 0) tellWhy();
}

/** Never returns. */
export function run(): void {
  while (true) {
    // The time is asked for once: what a turn takes is less than what the kernel may be late.
    const now = clock.now();
    const deadline = turn(now);
    if (now < deadline)
      rest(now, deadline == u64.MAX_VALUE ? -1 : <i64>min<u64>(deadline - now, <u64>i64.MAX_VALUE));
  }
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
  if (trap >= TRAP_SIGNAL) {
    log.text("signal ");
    log.number(trap - TRAP_SIGNAL);
  } else if (name.length > 0) log.text(name);
  else {
    log.text("trap ");
    log.number(trap);
  }
}
