import * as z from "zod";
import { runTests, type TestResult } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit } from "../exit.ts";
import { diagnostic } from "../json.ts";
import {
  jsonDiagnostics,
  languageRequestOf,
  paramsOf,
  printDiagnostics,
  type Subject,
  subjectsOf,
} from "../session.ts";
import type { Terminal } from "../terminal.ts";

const result = z.object({
  ok: z.boolean(),
  tests: z.array(
    z.object({
      title: z.string(),
      target: z.string(),
      passed: z.boolean(),
      failures: z.array(diagnostic),
    }),
  ),
  diagnostics: z.array(diagnostic).describe("Of the description; with an error among them no test was run"),
});
type Result = z.output<typeof result>;

export const test = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const subjects = subjectsOf(args[0]!, paramsOf(options["param"]));
  const subject = subjects[0]!;
  const { results: judged, diagnostics } = runTests(await languageRequestOf(subject));
  printDiagnostics(diagnostics, subject, terminal);
  const results = await simulated(judged, subjects, terminal);
  for (const { failures } of results) printDiagnostics(failures, subject, terminal);
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const sound = !diagnostics.some(({ severity }) => severity === "error");
  const ok = sound && failed === 0;
  const json: Result = {
    ok,
    tests: results.map((each) => row(each, subject)),
    diagnostics: jsonDiagnostics(diagnostics, subject),
  };
  return { code: ok ? exit.done : exit.input, json, text: sound ? text(results, failed, args[0]!) : "" };
});

/** With what the simulations of tests have shown. An appliance that cannot be built fails them. */
async function simulated(
  results: readonly TestResult[],
  subjects: readonly Subject[],
  terminal: Terminal,
): Promise<readonly TestResult[]> {
  if (results.every(({ trials }) => trials.length === 0)) return results;
  const { buildAll } = await import("../simulate/build.ts");
  const { tried } = await import("../simulate/trials.ts");
  const built = new Map<string, Awaited<ReturnType<typeof buildAll>>>();
  const all: TestResult[] = [];
  for (const result of results) {
    const { trials, target } = result;
    const on = subjects.filter((each) => each.target === target);
    if (trials.length > 0 && !built.has(target)) built.set(target, await buildAll(on, terminal));
    const { builds = [], diagnostics = [] } = built.get(target) ?? {};
    const failures =
      trials.length > 0 && builds.length < on.length
        ? diagnostics
        : trials.flatMap((trial) => tried(trial, builds, `${on[0]!.reference.file}@${target}`));
    all.push({ ...result, failures: [...result.failures, ...failures] });
  }
  return all;
}

const row = ({ title, target, failures }: TestResult, subject: Subject): Result["tests"][number] => ({
  title,
  target,
  passed: failures.length === 0,
  failures: jsonDiagnostics(failures, subject),
});

function text(results: readonly TestResult[], failed: number, reference: string): string {
  if (results.length === 0) return `${reference}: no tests; one looks like  test "title" { assert … }\n`;
  const lines = results.map(
    ({ title, target, failures }) => `${failures.length === 0 ? "passed" : "FAILED"}  ${title}  (${target})`,
  );
  return `${lines.join("\n")}\n${results.length - failed} passed, ${failed} failed\n`;
}
