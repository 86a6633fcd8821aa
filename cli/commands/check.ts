import { z } from "zod";
import { backends } from "#backends";
import { type Call, command, type Outcome } from "../command.ts";
import { exit } from "../exit.ts";
import { diagnostic } from "../json.ts";
import { checkSubject, jsonDiagnostics, printDiagnostics, subjectOf } from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  targets: z.array(z.string()).describe("The targets that were checked"),
  counting: z
    .array(z.string())
    .optional()
    .describe("Lines of appl.lock that the next build will count on: serial/APPLIANCE/LABEL"),
  diagnostics: z.array(diagnostic),
  planned: z
    .array(z.object({ module: z.string(), part: z.string().optional() }))
    .describe("What the description asks for and has no code yet on one of the targets: it cannot be built"),
});
type Result = z.output<typeof result>;

export const check = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const subject = subjectOf(args[0]!);
  const { target } = subject.reference;
  const locked = options["locked"] === true;
  const targets = target === undefined ? backends.map(({ name }) => name) : [target];
  const found = [];
  const seen = new Set<string>();
  const planned = new Map<string, Result["planned"][number]>();
  const waiting = new Set<string>();
  for (const name of targets) {
    const { diagnostics, counters, unwritten } = await checkSubject(subjectOf(args[0]!, name), terminal, {
      locked,
    });
    for (const { changed, line } of counters) if (changed) waiting.add(line.name);
    // What is wrong on every target is said once.
    for (const each of diagnostics) {
      const key = JSON.stringify([each.code, each.primary.span, each.text]);
      if (!seen.has(key)) found.push(each);
      seen.add(key);
    }
    for (const { module, part } of unwritten)
      planned.set(nameOf({ module, part }), { module, ...(part !== undefined && { part }) });
  }
  printDiagnostics(found, subject, terminal);
  const ok = !found.some(({ severity }) => severity === "error");
  const json: Result = {
    ok,
    targets,
    counting: [...waiting],
    diagnostics: jsonDiagnostics(found, subject),
    planned: [...planned.values()],
  };
  const text = `${args[0]}: no mistakes${warnings(found.length)} (targets ${targets.join(", ")})\n${note([...planned.keys()])}${waitingText(waiting)}`;
  return { code: ok ? exit.done : exit.input, json, text: ok ? text : "" };
});

const nameOf = ({ module, part }: { module: string; part?: string | undefined }): string =>
  part === undefined ? module : `${module} (${part})`;

const note = (planned: readonly string[]): string =>
  planned.length === 0 ? "" : `note: cannot be built yet, there is no code for ${planned.join(", ")}\n`;

const warnings = (count: number): string =>
  count === 0 ? "" : count === 1 ? ", 1 warning" : `, ${count} warnings`;

const waitingText = (names: ReadonlySet<string>): string =>
  names.size === 0 ? "" : `  the next build counts on: ${[...names].join(", ")}\n`;
