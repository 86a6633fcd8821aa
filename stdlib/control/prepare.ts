/** Rules of the description. */
import { Config, Threshold, Hysteresis as Wanted } from "./config";
import { Every } from "./every";
import * as feeding from "./feeding";
import { Follow } from "./follow";
import { Hysteresis } from "./hysteresis";
import { rules as isOn, watchdog } from "./parts";
import { rules } from "./rule";

const MILLION: i64 = 1_000_000;

export function prepare(config: Config): void {
  if (isOn) make(config);
  if (watchdog) feeding.set(config.watchdog!.feedEvery, config.watchdog!.resetAfter);
}

function make(config: Config): void {
  for (let n = 0; n < config.hysteresis.length; n++) rules.push(hysteresis(config.hysteresis[n]));
  for (let n = 0; n < config.every.length; n++) {
    const each = config.every[n];
    rules.push(new Every(each.period, each.first, each.onlyIf, each.pulse, each.length));
  }
  for (let n = 0; n < config.follow.length; n++) {
    const each = config.follow[n];
    rules.push(new Follow(each.input, each.inverse, each.drive, each.linger, <u32>each.unknown));
  }
}

function hysteresis(rule: Wanted): Hysteresis {
  const heats = rule.onBelow != null;
  const on = heats ? rule.onBelow! : rule.onAbove!;
  const off = heats ? rule.offAbove! : rule.offBelow!;
  return new Hysteresis(
    rule.input,
    millionths(on),
    millionths(off),
    heats,
    rule.drive,
    rule.hold,
    <u32>rule.unknown,
  );
}

/** As signals have it. Which of them it is, is what the signal carries: that was checked. */
function millionths(value: Threshold): i64 {
  const dec = value.dec;
  return dec == null ? value.temp + value.percent + value.volt : ofDecimal(dec);
}

/** `-12.5` */
function ofDecimal(text: string): i64 {
  const isNegative = text.startsWith("-");
  const parts = text.substring(isNegative ? 1 : 0).split(".");
  const whole = I64.parseInt(parts[0]) * MILLION;
  const part = parts.length < 2 ? "" : parts[1];
  const value = whole + I64.parseInt(`${part}000000`.substring(0, 6));
  return isNegative ? -value : value;
}
