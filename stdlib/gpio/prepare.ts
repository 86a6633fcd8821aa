/** Pins of the description. */
import { inputs, outputs } from "./all";
import { Active, Circuit, Config, Pull, Safe } from "./config";
import { Input } from "./input";
import { find } from "./needs/pins";
import { Output } from "./output";

export function prepare(config: Config): void {
  for (let n = 0; n < config.output.length; n++) {
    const output = config.output[n];
    const limit = output.maxOn;
    outputs.push(
      new Output(
        find(output.pin),
        output.active == Active.high,
        output.safe == Safe.on,
        output.circuit == Circuit.openDrain,
        limit == null ? u64.MAX_VALUE : limit.value,
        output.minOff,
        output.state,
      ),
    );
  }
  for (let n = 0; n < config.input.length; n++) {
    const input = config.input[n];
    const pull: u32 = input.pull == Pull.up ? 1 : input.pull == Pull.down ? 2 : 0;
    const isClosedHigh = input.active == Active.high;
    inputs.push(new Input(find(input.pin), pull, isClosedHigh, input.debounce, input.closed));
  }
}
