/** The diagnostics of the compiler, beside those of the language and of libraries. Codes are never reused. */
import { tooMuchKind } from "./budget/budget.ts";
import { tooLargeKind } from "./budget/image.ts";
import { noBackendKind } from "./build/pipeline.ts";
import { trialKind } from "./build/trial.ts";
import { resolveCatalog } from "./resolve/diagnostics.ts";
import { unwrittenKind } from "./resolve/unwritten.ts";

export const compilerCatalog = {
  ...resolveCatalog,
  E0620: unwrittenKind,
  E0621: noBackendKind,
  E0705: trialKind,
  E0801: tooMuchKind,
  E0802: tooLargeKind,
};
