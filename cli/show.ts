/** Diagnostics on a terminal. */
import pc from "picocolors";
import { type Diagnostic, plain, renderAll, type Sources } from "#lang";
import type { Terminal } from "./terminal.ts";

const colours = {
  error: pc.red,
  warning: pc.yellow,
  headline: pc.bold,
  frame: pc.blue,
  related: pc.blue,
  help: pc.green,
};

/** On the side of errors, with the source that they point into. */
export function showDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  terminal: Terminal,
): void {
  if (diagnostics.length === 0) return;
  const text = renderAll(diagnostics, sources, terminal.colours ? colours : plain);
  terminal.error(text.endsWith("\n") ? text : `${text}\n`);
}
