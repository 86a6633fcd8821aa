import { expect, test } from "vitest";
import { runNatives } from "#tools/native-process";
import { trapCodes } from "../ssa/types.ts";
import { hasSpec, isWholeSpec, specFiles, warnWithoutSpec } from "../wasm/testing/spec-files.ts";
import {
  areValues,
  isSameTrap,
  newTally,
  note,
  printTallies,
  readSpec,
  type SpecModule,
  type SpecTally,
  type Step,
  skipped,
  spectestHost,
} from "../wasm/testing/spec-suite.ts";
import { NativeInstance, trapOf, UNSUPPORTED_CODE } from "./instance.ts";
import type { NativeMachine } from "./machine.ts";
import { machines } from "./machines.ts";
import type { Answer, Command } from "./protocol.ts";
import { riscv64b } from "./riscv/machine.ts";

warnWithoutSpec("on machine code");

/** Files that meet what Zba and Zbb change; the rest is as without them. */
const bits = /^(i32|i64|int_exprs|address|align|conversions|memory_copy|extend)/;

test.skipIf(!hasSpec).for(machines)(
  "the specification's suite holds for machine code of $isa.name",
  (machine) => {
    const files = specFiles.names.filter((name) => machine !== riscv64b || bits.test(name));
    const tallies = files.map((name) => runFile(name, machine));
    console.log(printTallies(tallies));
    const failures = tallies.flatMap(({ file, failed }) => failed.map((what) => `${file}:${what}`));
    expect(failures).toEqual([]);
    const least = machine === riscv64b ? 1000 : machine.isa.floats ? 23_000 : 8000;
    if (isWholeSpec) expect(tallies.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThan(least);
  },
);

function runFile(name: string, machine: NativeMachine): SpecTally {
  const spec = readSpec(specFiles, name);
  const tally = newTally(spec.name);
  const prepared = spec.modules.flatMap((each) => prepare(each, tally, machine) ?? []);
  const runs = prepared.map(({ instance, commands }) => ({ program: instance.program, commands }));
  const answers = runNatives(runs);
  prepared.forEach((each, n) => {
    compare(each, answers[n]!, tally);
  });
  return tally;
}

interface Prepared {
  readonly spec: SpecModule;
  readonly steps: readonly Step[];
  readonly instance: NativeInstance;
  /** What starts the instance, then one for each step. */
  readonly commands: readonly Command[];
}

/** One process an instance. */
function prepare(spec: SpecModule, tally: SpecTally, machine: NativeMachine): Prepared | undefined {
  if (spec.skip !== undefined) {
    skipped(tally, spec.skip, spec.steps.length + 1);
    return undefined;
  }
  try {
    const instance = new NativeInstance(spec.module, spectestHost, machine);
    const steps = spec.steps.filter(({ skip }) => skip === undefined);
    for (const { skip } of spec.steps) if (skip !== undefined) skipped(tally, skip);
    const commands = steps.map(({ action: { kind, field, args } }) =>
      kind === "get"
        ? instance.get(field)
        : instance.invoke(
            field,
            args.map(({ value }) => value as bigint),
          ),
    );
    return { spec, steps, instance, commands: [...instance.start, ...commands] };
  } catch (error) {
    tally.failed.push(`${spec.line}: ${String(error)}`);
    skipped(tally, "no instance", spec.steps.length);
    return undefined;
  }
}

function compare({ spec, steps, instance }: Prepared, answers: readonly Answer[], tally: SpecTally): void {
  const starting = answers.slice(0, instance.start.length).find(({ kind }) => kind !== "values");
  const trap =
    instance.startTrap === undefined ? starting && show(starting) : trapCodes[instance.startTrap].text;
  note(tally, spec.line, matches(trap, spec.trapsAtStart), `start: got ${trap}, want ${spec.trapsAtStart}`);
  if (trap !== undefined) {
    if (steps.length > 0) skipped(tally, "no instance", steps.length);
    return;
  }
  let lost = false;
  steps.forEach((step, n) => {
    const answer = answers[instance.start.length + n]!;
    const unsupported = answer.kind === "trap" && answer.code === UNSUPPORTED_CODE;
    if (unsupported || lost) skipped(tally, "no such instructions");
    else check(tally, step, answer);
    // A function without results is called for what it does to the instance.
    if (unsupported && step.expect.kind === "return" && step.expect.values.length === 0) lost = true;
  });
}

function check(tally: SpecTally, { action, expect: wanted, line }: Step, answer: Answer): void {
  if (wanted.kind !== "return") {
    const got = show(answer);
    return note(tally, line, matches(got, wanted.text), `${action.field}: got ${got}, want ${wanted.text}`);
  }
  const same = answer.kind === "values" && areValues(wanted.values, answer.values);
  const want = wanted.values.map(({ value }) => value).join();
  note(tally, line, same, `${action.field}: got ${show(answer)}, want ${want}`);
}

function matches(got: string | undefined, want: string | undefined): boolean {
  return got === undefined || want === undefined ? got === want : isSameTrap(got, want);
}

function show(answer: Answer): string {
  if (answer.kind === "trap") {
    const trap = trapOf(answer.code);
    return trap === undefined ? `trap ${answer.code}` : trapCodes[trap].text;
  }
  if (answer.kind === "crash") return `crash ${answer.signal} at ${answer.at.toString(16)}`;
  return answer.kind === "values" ? answer.values.join() : answer.kind;
}
