/** The test runner's last words: which files took the time, every failure once more, and `N passed, N failed` alone on a line. */
import type { UserConsoleLog } from "vitest";
import type { Reporter, TestModule } from "vitest/node";

const SLOWEST = 24;

export class ClosingLine implements Reporter {
  readonly #speaks: boolean;

  /** `speaks`: what tests print is shown, for runs without another reporter. */
  constructor(speaks: boolean) {
    this.#speaks = speaks;
  }

  onUserConsoleLog({ content }: UserConsoleLog): void {
    if (this.#speaks) process.stdout.write(content);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      // What fails before the tests of a suite leaves them skipped.
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed") passed += 1;
        else if (state === "failed") failed += 1;
        else skipped += 1;
      }
    }
    const slowest = modules
      .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST);
    console.log("\nwhere the time went");
    for (const { file, ms } of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(8)} s  ${file}`);
    if (failed > 0) for (const module of modules) printFailures(module);
    console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  }
}

function printFailures(module: TestModule): void {
  const file = module.relativeModuleId;
  for (const error of module.errors()) console.log(`FAILED ${file}: ${shortened(error.message)}`);
  for (const suite of module.children.allSuites())
    for (const error of suite.errors())
      console.log(`FAILED ${file} > ${suite.fullName}\n    ${shortened(error.message)}`);
  for (const test of module.children.allTests("failed")) {
    const [error] = test.result().errors ?? [];
    console.log(`FAILED ${file} > ${test.fullName}\n    ${shortened(error?.message ?? "")}`);
  }
}

const shortened = (text: string): string => text.split("\n").slice(0, 30).join("\n    ").slice(0, 2000);
