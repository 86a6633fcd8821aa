import { expect, test } from "vitest";
import { optimize } from "../passes/index.ts";
import { TrapError } from "../ssa/evaluate.ts";
import type { Func } from "../ssa/func.ts";
import { trapCodes } from "../ssa/types.ts";
import { verify } from "../ssa/verify.ts";
import type { Module } from "../wasm/module.ts";
import { hasSpec, specFiles, warnWithoutSpec } from "../wasm/testing/spec-files.ts";
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
import { validate } from "../wasm/validate.ts";
import { signaturesOf } from "./build.ts";
import { contextOf } from "./context.ts";
import { type Host, Instance } from "./instance.ts";

warnWithoutSpec("on SSA");

const host: Host = { ...spectestHost, call: () => [] };

const preparations: readonly [name: string, (module: Module) => (func: Func) => void][] = [
  ["as built", (module) => (func) => verify(func, signaturesOf(module))],
  [
    "optimised",
    (module) => {
      const context = { ...contextOf(module), verify: true };
      return (func) => optimize(func, context);
    },
  ],
];

test.skipIf(!hasSpec).each(preparations)("the specification's suite holds for SSA %s", (_, prepare) => {
  const tallies = specFiles.names.map((name) => runFile(name, prepare));
  if (process.env["SPEC_TABLE"]) console.log(printTallies(tallies));
  const failures = tallies.flatMap(({ file, failed }) => failed.map((what) => `${file}:${what}`));
  expect(failures).toEqual([]);
  expect(tallies.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThan(23_000);
});

function runFile(name: string, prepare: (module: Module) => (func: Func) => void): SpecTally {
  const spec = readSpec(specFiles, name);
  const tally = newTally(spec.name);
  for (const each of spec.modules) runModule(each, prepare(each.module), tally);
  return tally;
}

function runModule(spec: SpecModule, prepare: (func: Func) => void, tally: SpecTally): void {
  validate(spec.module);
  if (spec.skip !== undefined) {
    skipped(tally, spec.skip, spec.steps.length + 1);
    return;
  }
  let instance: Instance | undefined;
  try {
    instance = new Instance(spec.module, host, prepare);
    note(tally, spec.line, spec.trapsAtStart === undefined, "did not trap");
  } catch (error) {
    note(tally, spec.line, error instanceof TrapError && spec.trapsAtStart !== undefined, String(error));
  }
  for (const step of spec.steps) {
    if (instance === undefined || step.skip !== undefined) skipped(tally, step.skip ?? "no instance");
    else runStep(instance, step, tally);
  }
}

function runStep(instance: Instance, { action, expect: wanted, line }: Step, tally: SpecTally): void {
  let got: readonly bigint[] | string;
  try {
    const args = action.args.map(({ value }) => value as bigint);
    got = action.kind === "get" ? [instance.read(action.field)] : instance.invoke(action.field, args);
  } catch (error) {
    got = error instanceof TrapError ? trapCodes[error.trap].text : String(error);
  }
  const same =
    typeof got === "string"
      ? wanted.kind !== "return" && isSameTrap(got, wanted.text)
      : wanted.kind === "return" && areValues(wanted.values, got);
  const want = wanted.kind === "return" ? wanted.values.map(({ value }) => value).join(", ") : wanted.text;
  note(tally, line, same, `${action.field}: got ${got}, want ${want}`);
}
