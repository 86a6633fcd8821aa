/** A kernel in V8: TurboFan's code from the first call, in a process of its own, timed by the clock that the peer has compared with its counter of ticks. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Kernel, type Measured, OUTPUT, SAMPLES } from "./kernel.ts";

const script = `
const { readFileSync } = require("node:fs");
const { wasm, args, input, finish, samples } = JSON.parse(process.argv[1]);
const nothing = new Proxy({}, { get: () => () => 0, has: () => true });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)), new Proxy({}, { get: () => nothing }));
const bytes = () => new Uint8Array(exports.memory.buffer);
if (input) bytes().set(readFileSync(input), exports.inputAddress());
let best = Infinity;
for (let n = 0; n < samples; n++) {
  const begin = process.hrtime.bigint();
  exports.run(...args);
  const time = Number(process.hrtime.bigint() - begin);
  if (time < best) best = time;
}
if (finish) exports.finish();
const at = exports.outputAddress();
console.log(best + " " + Buffer.from(bytes().subarray(at, at + ${OUTPUT})).toString("hex"));
`;

/** `rate`: ticks a nanosecond. */
export function runInV8(kernel: Kernel, folder: string, rate: number): Measured {
  const wasm = join(folder, "portable.wasm");
  writeFileSync(wasm, kernel.portable ?? kernel.wasm);
  const input = kernel.input && join(folder, "input");
  if (input) writeFileSync(input, kernel.input!);
  const { args, finish } = kernel;
  const words = JSON.stringify({ wasm, args, input, finish, samples: SAMPLES });
  const text = execFileSync(process.execPath, ["--no-liftoff", "--no-wasm-tier-up", "-e", script, words], {
    encoding: "utf8",
  });
  const [best, output] = text.trim().split(" ");
  return { ticks: Number(best) * rate, output: output! };
}
