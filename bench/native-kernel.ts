/** A kernel as machine code of this code generator, in a Linux process of its own. */
import { writeFileSync } from "node:fs";
import { type NativeHost, NativeInstance } from "../compiler/codegen/native/instance.ts";
import type { NativeMachine } from "../compiler/codegen/native/machine.ts";
import type { Answer, Command } from "../compiler/codegen/native/protocol.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { elfOf, runNative } from "../tools/native-process.ts";
import { type Kernel, type Measured, OUTPUT, SAMPLES } from "./kernel.ts";

const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };

/** A program, and what makes it ready to `run`. */
export interface NativeKernel {
  readonly instance: NativeInstance;
  readonly ready: readonly Command[];
  readonly run: Command;
  /** Calls that leave the output, and the one that reads it. */
  readonly end: readonly Command[];
}

export function nativeKernel(kernel: Kernel, machine?: NativeMachine): NativeKernel {
  const instance = new NativeInstance(parseModule(kernel.wasm), host, machine);
  // For `objdump -d`.
  if (process.env["KEEP"]) writeFileSync(process.env["KEEP"], elfOf(instance.program));
  const asked = kernel.input ? ["outputAddress", "inputAddress"] : ["outputAddress"];
  const [output, input] = runNative(instance.program, [
    ...instance.start,
    ...asked.map((name) => instance.invoke(name, [])),
  ])
    .slice(instance.start.length)
    .map(value);
  return {
    instance,
    ready: [
      ...instance.start,
      ...(kernel.input ? [{ kind: "write", offset: input!, bytes: kernel.input } as const] : []),
    ],
    run: instance.invoke("run", kernel.args.map(BigInt)),
    end: [
      ...(kernel.finish ? [instance.invoke("finish", [])] : []),
      { kind: "read", offset: output!, size: OUTPUT },
    ],
  };
}

const value = (answer: Answer): number => (answer.kind === "values" ? Number(answer.values[0]) : Number.NaN);

/** Times calls of `run` by the processor's time-stamp counter. */
export function runOurs({ instance, ready, run, end }: NativeKernel): Measured {
  const runs = Array.from({ length: SAMPLES }, () => run);
  const answers = runNative(instance.program, [...ready, ...runs, ...end]);
  const last = answers.at(-1)!;
  if (last.kind !== "bytes")
    throw new Error(`it ended early: ${JSON.stringify(answers.map(({ kind }) => kind))}`);
  const times = answers
    .slice(ready.length, ready.length + SAMPLES)
    .map((answer) => (answer.kind === "values" ? Number(answer.ticks) : Number.NaN));
  return { ticks: Math.min(...times), output: Buffer.from(last.bytes).toString("hex") };
}
