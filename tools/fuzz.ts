/**
 * `npm run fuzz [-- MINUTES [SEED]]`: random programs on all machines against V8 until the time is over, 10 minutes if not told otherwise. A program on which they
 * differ is reduced, and left in compiler/codegen/native/cases as a test. Exits with 1 if there was one.
 */
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { callsOf } from "../compiler/codegen/frontend/differential.ts";
import type { NativeMachine } from "../compiler/codegen/native/machine.ts";
import { machines } from "../compiler/codegen/native/machines.ts";
import { assembled, disassembled, textOf } from "../compiler/codegen/native/testing/case-text.ts";
import {
  type Call,
  type Case,
  differences,
  randomCase,
} from "../compiler/codegen/native/testing/differential.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { binaryenModule } from "../compiler/codegen/wasm/testing/binaryen.ts";
import { reduce } from "./reduce.ts";

const folder = join(import.meta.dirname, "../compiler/codegen/native/cases");
const ROUND = 60;
/** Of them from Binaryen's fuzzer, which are ten times as long. */
const FOREIGN = 6;
/** Milliseconds for one program. */
const REDUCING = 300_000;

const [minutes = "10", seed = String(randomInt(2 ** 31))] = process.argv.slice(2);
const until = Date.now() + Number(minutes) * 60_000;
let [next, programs, faults] = [Number(seed), 0, 0];
if (!(Number(minutes) > 0 && next >= 0)) {
  console.error("npm run fuzz -- MINUTES [SEED]");
  process.exit(2);
}
console.log(`from seed ${seed}: npm run fuzz -- ${minutes} ${seed}`);
for (; Date.now() < until; next += ROUND) {
  const cases = Array.from({ length: ROUND }, (_, n) => caseOf(next + n, n < FOREIGN));
  const failed = differences(cases);
  programs += cases.length;
  for (const { what, onMachine, inV8 } of failed) {
    const line = onMachine.findIndex((text, n) => text !== inV8[n]);
    console.log(`${what}: line ${line}: ${onMachine[line]} on the machine, ${inV8[line]} in V8`);
    keep(cases.find((each) => each.what === what)!);
  }
  faults += failed.length;
  process.stdout.write(`\r${programs} programs, ${faults} differ `);
}
console.log("");
process.exitCode = faults === 0 ? 0 : 1;

function caseOf(at: number, foreign: boolean): Case {
  const machine = machines[at % machines.length]!;
  if (!foreign) return randomCase(at, machine, machine.isa.floats && at % 8 < 4);
  const bytes = binaryenModule(at, machine.isa.floats);
  const calls: Call[] = callsOf(parseModule(bytes), at, 3);
  return { what: `Binaryen's seed ${at} on ${machine.isa.name}`, machine, bytes, calls };
}

function keep({ what, machine, bytes, forV8 = bytes, calls }: Case): void {
  const text = disassembled(forV8);
  const end = Date.now() + REDUCING;
  const differing = (some: readonly Call[]) => (texts: readonly string[]) => firstOf(texts, machine, some);
  if (differing(calls)([text]) === -1) {
    console.log("  not reduced: as text it does not differ");
    return;
  }
  // The shortest beginning of the calls, then the last alone.
  let few = calls;
  for (let n = 1; n < calls.length; n++)
    if (differing(calls.slice(0, n))([text]) === 0) {
      few = calls.slice(0, n);
      break;
    }
  if (differing(few.slice(-1))([text]) === 0) few = few.slice(-1);
  const file = join(folder, `${what.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.wat`);
  writeFileSync(
    file,
    `${textOf(
      reduce(text, differing(few), () => Date.now() < end),
      few,
    )}\n`,
  );
  console.log(`  reduced: ${file}`);
}

/** The place of the first text that is valid and still differs. */
function firstOf(texts: readonly string[], machine: NativeMachine, calls: readonly Call[]): number {
  const cases = texts.flatMap((text, n): Case[] => {
    const bytes = assembled(text);
    return bytes === undefined || !has(bytes, calls) ? [] : [{ what: `${n}`, machine, bytes, calls }];
  });
  const [found] = differences(cases);
  return found === undefined ? -1 : Number(found.what);
}

function has(bytes: Uint8Array, calls: readonly Call[]): boolean {
  const { exports } = parseModule(bytes);
  return calls.every(({ name }) => exports.some((each) => each.name === name && each.kind === "func"));
}
