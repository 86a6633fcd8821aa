/**
 * Numbers that are mixed from the time, from what the machine is given (`appl.seed=` on the command line), and from the chip's generator where there is one. That
 * generator is unpredictable only while it is fed by the radio or by noise of its analog-digital converter (ESP32 Technical Reference Manual, 24), and here it is
 * not: no secret may be made of these numbers.
 */
import { Level } from "../../../../stdlib/core/level";
import { byte, find, length, NONE } from "../../../common/drivers/command-line";
import { mixed, seed } from "../../../common/drivers/mixed";
import { Machine } from "../boot-record";
import { boot, load32, ticks } from "../hw";
import * as log from "./needs/log";

const BLANK: u32 = 32;

let generator: u64 = 0;

export function start(): void {
  generator = boot(Machine.random);
  seed(ticks());
  if (log.at(Level.warning)) {
    log.text("random numbers can be guessed: this board has no source of others");
    log.end();
  }
  let at = find("appl.seed=", 0);
  if (at == NONE) return;
  for (; at < length() && byte(at) != BLANK; at++) mixed(<u64>byte(at));
}

export function random(): u64 {
  const more: u64 = generator == 0 ? 0 : ((<u64>load32(generator)) << 32) | load32(generator);
  return mixed(ticks()) ^ more;
}

/** Always: no keys may be made of them. */
export function guessable(): bool {
  return true;
}
