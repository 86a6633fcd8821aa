/** The order in which test files begin. */
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes a minute and more, the longest first. One of them that begins late keeps a single processor busy when all else is done. */
const longest = [
  "test/build-check.test.ts",
  "test/xen.test.ts",
  "test/store.test.ts",
  "compiler/codegen/native/spec.test.ts",
  "test/cli-run.test.ts",
  "test/flash.test.ts",
  "test/error-pages.test.ts",
  "test/operations.test.ts",
  "test/cli-simulate-families.test.ts",
  "test/dhcp.test.ts",
  "test/mdns.test.ts",
  "test/determinism.test.ts",
];

/** On a clean checkout nobody knows how long a file takes, and Vitest begins with the largest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.indexOf(relative(this.ctx.config.root, moduleId));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
