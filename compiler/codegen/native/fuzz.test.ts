import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { NativeMachine } from "./machine.ts";
import { machines } from "./machines.ts";
import { caseOfText } from "./testing/case-text.ts";
import { type Case, differences, randomCase } from "./testing/differential.ts";

/** Runs random programs on the machine and in V8, which must agree on results, traps, globals and memory. Longer: `npm run fuzz`. */
const FIXED = 240;
const FRESH = 80;

/** Each program runs on one of the machines, in turn; with FUZZ_SEED on all of them. */
const machineOf = (seed: number): NativeMachine => machines[seed % machines.length]!;
/** Every other program of a machine that has floats is with floats. */
const hasFloats = (seed: number, { isa }: NativeMachine): boolean =>
  isa.floats && Math.floor(seed / machines.length) % 2 === 0;
const caseOf = (seed: number): Case => randomCase(seed, machineOf(seed), hasFloats(seed, machineOf(seed)));

test("V8 and machine code agree on random programs of fixed seeds", () => {
  expect(differences(Array.from({ length: FIXED }, (_, n) => caseOf(n + 1)))).toEqual([]);
});

/** What has failed once, before there were reduced cases. */
const seedsThatFailed = [
  1387152777, // a cycle of moves between a register and the last slot
];

test.each(seedsThatFailed)("V8 and machine code agree on the random program of seed %i", agreeEverywhere);

test("V8 and machine code agree on random programs of fresh seeds", () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  console.log(`fresh seeds from ${first}; to repeat one: FUZZ_SEED=N`);
  const only = process.env["FUZZ_SEED"];
  if (only !== undefined) return agreeEverywhere(Number(only));
  expect(differences(Array.from({ length: FRESH }, (_, n) => caseOf(first + n)))).toEqual([]);
});

function agreeEverywhere(seed: number): void {
  const all = machines.flatMap((machine) => [
    randomCase(seed, machine, false),
    ...(machine.isa.floats ? [randomCase(seed, machine, true)] : []),
  ]);
  expect(differences(all)).toEqual([]);
}

/** What `npm run fuzz` has found and reduced. */
const folder = join(import.meta.dirname, "cases");
const kept = readdirSync(folder).filter((name) => name.endsWith(".wat"));

test.each(kept)("V8 and machine code agree on %s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");
  expect(differences(machines.map((machine) => caseOfText(name, text, machine)))).toEqual([]);
});
