import { z } from "zod";
import type { BuildReport, ReasonReport } from "#compiler";
import { didYouMean } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError } from "../exit.ts";
import { diagnostic, reason } from "../json.ts";
import { grouped, moduleAt, reasonRow, reasonText } from "../modules-report.ts";
import {
  buildSubject,
  jsonDiagnostics,
  paramsOf,
  printDiagnostics,
  shownPath,
  subjectOf,
} from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  module: z.string(),
  target: z.string(),
  bytes: z.number().optional(),
  chains: z
    .array(z.array(reason.extend({ module: z.string() })))
    .optional()
    .describe("From the description or the target down to the module, the shortest first, at most eight"),
  more: z.boolean().optional().describe("There are further, longer chains"),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;

interface Link {
  readonly module: string;
  readonly reason: ReasonReport;
}

const MOST_CHAINS = 8;

export const why = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const subject = subjectOf(args[0]!, paramsOf(options["param"]));
  const module = args[1]!;
  const { diagnostics, built } = await buildSubject(subject, terminal);
  printDiagnostics(diagnostics, subject, terminal);
  const target = subject.target;
  const said = { module, target, diagnostics: jsonDiagnostics(diagnostics, subject) };
  if (built === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  const report = withShownPaths(built.report, (file) => shownPath(file, subject));
  if (moduleAt(report, module) === undefined)
    throw inputError(
      `\`${module}\` is not in ${report.appliance}@${target}: nothing needs it`,
      nearModules(
        module,
        report.modules.map(({ path }) => path),
      ),
    );
  const { chains, more } = chainsTo(report, module);
  const bytes = report.sizes.code.find(({ name }) => name === module)?.bytes ?? 0;
  const json: Result = {
    ok: true,
    bytes,
    more,
    chains: chains.map((chain) => chain.map((link) => ({ module: link.module, ...reasonRow(link.reason) }))),
    ...said,
  };
  const lines = [`${module}  ${grouped(bytes)} bytes of code in ${report.appliance}@${target}`];
  for (const chain of chains) {
    lines.push("");
    chain.forEach((link, depth) => lines.push(`${"  ".repeat(depth + 1)}${reasonText(link.reason)}`));
  }
  if (more) lines.push("", "  … and longer ways");
  return { code: exit.done, json, text: `${lines.join("\n")}\n` };
});

/** `arp` means `std/net/arp`; else what is written alike. */
function nearModules(name: string, paths: readonly string[]): string {
  const ends = paths.filter((path) => path.endsWith(`/${name}`)).map((path) => `\`${path}\``);
  const meant = ends.length > 0 ? `did you mean ${ends.join(" or ")}?` : didYouMean(name, paths);
  const all = `modules: ${paths.join(", ")}`;
  return meant === undefined ? all : `${meant} ${all}`;
}

/** Shortest first, without circles. */
function chainsTo(report: BuildReport, module: string): { chains: Link[][]; more: boolean } {
  const found: Link[][] = [];
  const queue: { at: string; chain: Link[] }[] = [{ at: module, chain: [] }];
  for (let next = queue.shift(); next !== undefined && found.length <= MOST_CHAINS; next = queue.shift()) {
    for (const reasonOf of moduleAt(report, next.at)!.reasons) {
      const chain = [{ module: next.at, reason: reasonOf }, ...next.chain];
      if (reasonOf.from === undefined) found.push(chain);
      else if (!chain.slice(1).some((link) => link.module === reasonOf.from))
        queue.push({ at: reasonOf.from, chain });
    }
  }
  return { chains: found.slice(0, MOST_CHAINS), more: found.length > MOST_CHAINS };
}

function withShownPaths(report: BuildReport, shown: (file: string) => string): BuildReport {
  const modules = report.modules.map((module) => ({
    ...module,
    reasons: module.reasons.map((each) =>
      each.place === undefined ? each : { ...each, place: { ...each.place, file: shown(each.place.file) } },
    ),
  }));
  return { ...report, modules };
}
