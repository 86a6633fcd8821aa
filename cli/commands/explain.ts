import * as z from "zod";
import {
  configure,
  didYouMean,
  type Explained,
  type ExplainProblem,
  type Explanation,
  explainSetting,
  type Sources,
} from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { diagnostic } from "../json.ts";
import {
  jsonDiagnostics,
  languageRequestOf,
  paramsOf,
  printDiagnostics,
  type Subject,
  shownPath,
  sourcesOf,
  subjectOf,
} from "../session.ts";

const definition = z.object({
  value: z.string(),
  rank: z.enum(["option default", "default", "plain", "override"]),
  wins: z.boolean(),
  adds: z.boolean().describe("A contribution with +="),
  file: z.string(),
  line: z.number(),
  column: z.number(),
  text: z.string().describe("As it is written"),
  include: z.string().optional().describe("The fragment that brought it"),
});

const result = z.object({
  ok: z.boolean(),
  appliance: z.string().optional(),
  target: z.string(),
  path: z.string().optional(),
  type: z.string().optional(),
  docs: z.string().optional(),
  value: z.string().optional(),
  definitions: z.array(definition).optional(),
  settings: z
    .array(z.object({ path: z.string(), value: z.string(), by: definition }))
    .optional()
    .describe("Of a block: its settings, each with what won"),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;
type Row = z.output<typeof definition>;

export const explain = command(
  result,
  async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
    const subject = subjectOf(args[0]!, paramsOf(options["param"]));
    const { appliance, target } = subject;
    const request = { ...(await languageRequestOf(subject)), appliance, target };
    const { configurations, diagnostics } = configure(request);
    printDiagnostics(diagnostics, subject, terminal);
    const said = { target, diagnostics: jsonDiagnostics(diagnostics, subject) };
    const [configuration] = configurations;
    if (configuration === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
    const found = explainSetting(configuration, args[1]!);
    if ("kind" in found) throw refusal(found, args[1]!);
    const sources = sourcesOf(subject);
    const rows = (each: Explained) => row(each, sources, subject);
    const definitions = found.definitions.map(rows);
    const settings = found.settings.map(({ path, value, by }) => ({ path, value, by: rows(by) }));
    const { path, type, docs, value } = found;
    const json: Result = {
      ok: true,
      appliance: configuration.appliance.name,
      path,
      ...(type !== undefined && { type }),
      ...(docs !== undefined && { docs }),
      ...(value !== undefined && { value }),
      definitions,
      settings,
      ...said,
    };
    return { code: exit.done, json, text: text(found, definitions, settings) };
  },
);

function refusal(problem: ExplainProblem, path: string): Error {
  switch (problem.kind) {
    case "no path":
      return usageError(`\`${path}\` is no path`, `write it like 'dns.zone["example.com"].primary.ttl'`);
    case "absent":
      return inputError(
        `there is no \`${problem.path}\` here: nobody has written this block`,
        problem.docs ?? `\`${problem.path.split(".").at(-1)} { … }\` would add it`,
      );
    default: {
      const inside = problem.path === "" ? "the appliance" : `\`${problem.path}\``;
      const there = problem.names.length > 0 ? `there: ${problem.names.join(", ")}` : undefined;
      return inputError(
        problem.at === "" ? `${inside} has labels: say which one` : `${inside} has no \`${problem.at}\``,
        [didYouMean(problem.at, problem.names), there].filter((line) => line !== undefined).join("; "),
      );
    }
  }
}

function row({ value, rank, wins, adds, span, via }: Explained, sources: Sources, subject: Subject): Row {
  const { line, column } = sources.position(span) ?? { line: 1, column: 1 };
  const whole = sources.text(span.source);
  return {
    value,
    rank,
    wins,
    adds,
    file: shownPath(span.source, subject),
    line,
    column,
    text: whole ? lineAt(whole.text, span.start) : "",
    ...(via !== undefined && { include: via }),
  };
}

/** The line that an offset is in, without what surrounds it. */
function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  return text.slice(start, end === -1 ? undefined : end).trim();
}

// ------------------------------------------------------------------------------------------------ text

const VALUE = 28;
const TEXT = 56;

function text(
  { path, type, docs, value }: Explanation,
  definitions: readonly Row[],
  settings: NonNullable<Result["settings"]>,
): string {
  const lines = [
    `${path}${type === undefined ? "" : ` : ${type}`}${value === undefined ? "" : ` = ${value}`}`,
  ];
  if (docs !== undefined) lines.push(...docs.split("\n").map((line) => `  ${line}`));
  lines.push("");
  lines.push(
    ...table(
      definitions.map((each) => [cut(each.value, VALUE), placeOf(each), cut(each.text, TEXT), said(each)]),
    ),
  );
  if (settings.length > 0) {
    lines.push("");
    lines.push(
      ...table(
        settings.map((each) => [
          each.path,
          cut(each.value, VALUE),
          placeOf(each.by),
          said({ ...each.by, wins: false }),
        ]),
      ),
    );
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

const placeOf = ({ file, line, column }: Row): string => `${file}:${line}:${column}`;

function said({ rank, wins, adds, include }: Row): string {
  const by = include === undefined ? "" : `, by \`include ${include}\``;
  const what = adds ? `${rank} \`+=\`` : rank;
  return `${what}${by}${wins ? (adds ? ": added" : ": wins") : ""}`;
}

const cut = (value: string, width: number): string =>
  value.length <= width ? value : `${value.slice(0, width - 1)}…`;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((cells) => cells[n]!.length)));
  return rows.map((cells) => `  ${cells.map((cell, n) => cell.padEnd(widths[n]!)).join("   ")}`);
}
