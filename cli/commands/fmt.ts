import { readFileSync } from "node:fs";
import * as z from "zod";
import { type Diagnostic, format, MemoryFiles, Sources, toJson } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { descriptionsOf } from "../descriptions.ts";
import { writeText } from "../edges/write-text.ts";
import { exit, usageError } from "../exit.ts";
import { readText } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import { showDiagnostics } from "../show.ts";
import type { Terminal } from "../terminal.ts";

const file = z.object({
  file: z.string(),
  state: z
    .enum(["same", "changed", "differs", "refused"])
    .describe("`differs`: with --check; `refused`: it could not be laid out and is as it was"),
  diagnostics: z.array(diagnostic).describe("Of the syntax; declarations with errors are as they were"),
});
const result = z.object({
  ok: z.boolean(),
  files: z.array(file),
  text: z.string().optional().describe("With --stdin: what was read, laid out"),
});
type Result = z.output<typeof result>;
type State = Result["files"][number]["state"];

export const fmt = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const check = options["check"] === true;
  if (options["stdin"] === true) {
    if (args.length > 0) throw usageError("`--stdin` and names of files exclude each other");
    return oneText(readFileSync(0), check, terminal);
  }
  const files = descriptionsOf(args.length === 0 ? ["."] : args).map((path) => {
    const bytes = readText(path);
    const { text, state, json } = laidOut(path, bytes, terminal);
    if (state === "changed" && !check) writeText(path, text);
    return {
      file: path,
      state: check && state === "changed" ? ("differs" as const) : state,
      diagnostics: json,
    };
  });
  const ok = files.every(
    ({ state, diagnostics }) => state !== "differs" && state !== "refused" && sound(diagnostics),
  );
  const named = files.filter(({ state }) => state === "changed" || state === "differs");
  const text = named.map((it) => `${it.file}\n`).join("");
  return { code: ok ? exit.done : exit.input, json: { ok, files }, text };
});

function oneText(bytes: Uint8Array, check: boolean, terminal: Terminal): Outcome<Result> {
  const name = "standard input";
  const { text, state, json } = laidOut(name, bytes, terminal);
  const shown = check && state === "changed" ? "differs" : state;
  const ok = sound(json) && (shown === "same" || shown === "changed");
  return {
    code: ok ? exit.done : exit.input,
    json: { ok, files: [{ file: name, state: shown, diagnostics: json }], text },
    text: check ? "" : text,
  };
}

const sound = (diagnostics: readonly { readonly severity: string }[]): boolean =>
  diagnostics.every(({ severity }) => severity !== "error");

/** The text of the bytes, laid out where that is possible, and what is to be said about it. */
function laidOut(path: string, bytes: Uint8Array, terminal: Terminal) {
  const { text: made, diagnostics } = format(path, bytes);
  const sources = new Sources(new MemoryFiles({ [path]: bytes }));
  const before = new TextDecoder().decode(bytes);
  const text = made ?? before;
  const state: State = made === undefined ? "refused" : made === before ? "same" : "changed";
  showDiagnostics(diagnostics, sources, terminal);
  if (state === "refused" && !diagnostics.some(isError))
    terminal.error(`appl: ${path} cannot be laid out without changing what it says; it is as it was\n`);
  return { text, state, json: diagnostics.map((it) => diagnostic.parse(toJson(it, sources))) };
}

const isError = ({ severity }: Diagnostic): boolean => severity === "error";
