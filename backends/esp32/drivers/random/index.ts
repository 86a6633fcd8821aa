/**
 * Numbers from the chip's generator, which noise makes unpredictable, and from the time. Machines without a generator have the time alone, and what they are given:
 * `appl.seed=` on the command line.
 */
import { Level } from "../../../../stdlib/core/level";
import { byte, find, length, NONE } from "../../../common/drivers/command-line";
import { mixed, seed } from "../../../common/drivers/mixed";
import { Machine } from "../boot-record";
import { boot, load32, ticks } from "../hw";
import * as log from "./needs/log";
import { feed } from "./noise";

const BLANK: u32 = 32;
/** All of a word is new after this, in parts of a second (ESP32 Technical Reference Manual, 24.3: read at most every 2 µs). */
const READS_PER_SECOND: u64 = 500_000;
/** So many at the start, of which no two that follow one another may be the same (NIST SP 800-90B 4.4.1: once in 2^27 starts a good source is refused). */
const TRIES = 32;

let generator: u64 = 0;
let between: u64 = 0;
let lastAt: u64 = 0;
let last: u32 = 0;
/** Two words in a row were the same: it does not run. */
let isStuck: bool = true;

export function start(): void {
  generator = boot(Machine.random);
  seed(ticks());
  if (generator != 0) begin();
  if (isStuck && log.at(Level.warning)) {
    log.text(
      generator == 0
        ? "random numbers can be guessed: this board has no source of others"
        : "random numbers can be guessed: the chip's generator does not run",
    );
    log.end();
  }
  let at = find("appl.seed=", 0);
  if (at == NONE) return;
  for (; at < length() && byte(at) != BLANK; at++) mixed(<u64>byte(at));
}

/** With noise, and tried. */
function begin(): void {
  feed();
  between = boot(Machine.hertz) / READS_PER_SECOND;
  isStuck = false;
  read();
  for (let n = 0; n < TRIES; n++) mixed(<u64>read());
}

function read(): u32 {
  while (ticks() - lastAt < between);
  lastAt = ticks();
  const word = load32(generator);
  if (word == last) isStuck = true;
  last = word;
  return word;
}

export function random(): u64 {
  const more: u64 = generator == 0 ? 0 : ((<u64>read()) << 32) | <u64>read();
  return mixed(ticks()) ^ more;
}

/** No keys may be made of them then. */
export function guessable(): bool {
  return isStuck;
}
