import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Ends the evaluation of one value. Without a diagnostic: what it needs failed, and was reported there. */
export class Stop extends Error {
  readonly diagnostic: Diagnostic | undefined;

  constructor(diagnostic?: Diagnostic) {
    super(diagnostic ? `${diagnostic.code}: ${diagnostic.text}` : "a value that failed");
    this.diagnostic = diagnostic;
  }
}
