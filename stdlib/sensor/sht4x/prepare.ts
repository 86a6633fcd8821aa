/** A chip of the description. */
import { Chip, chips } from "./chip";
import { Config, Precision } from "./config";

const MICROSECOND: u64 = 1000;

/** Commands and the longest times of data sheet, sections 4.5 and 3.2. */
export function prepare(config: Config): void {
  const isHigh = config.precision == Precision.high;
  const isMedium = config.precision == Precision.medium;
  const command: u32 = isHigh ? 0xfd : isMedium ? 0xf6 : 0xe0;
  const takes = (isHigh ? 8300 : isMedium ? 4500 : 1600) * MICROSECOND;
  chips.push(
    new Chip(
      config.label,
      config.bus,
      config.address,
      config.every,
      command,
      takes,
      config.offset,
      config.temperature,
      config.humidity,
    ),
  );
}
