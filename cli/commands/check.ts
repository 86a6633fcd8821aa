import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { exit } from "../exit.ts";
import { diagnostic } from "../json.ts";
import { checkSubject, jsonDiagnostics, paramsOf, printDiagnostics, subjectsOf } from "../session.ts";

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
  withoutBackend: z
    .array(z.object({ target: z.string(), backend: z.string() }))
    .describe("Targets for whose boards no images are made yet"),
});
type Result = z.output<typeof result>;

export const check = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const [subject] = subjectsOf(args[0]!, paramsOf(options["param"]));
  const locked = options["locked"] === true;
  const { diagnostics, looked, counters } = await checkSubject(subject!, terminal, { locked });
  printDiagnostics(diagnostics, subject!, terminal);
  const planned = new Map<string, Result["planned"][number]>();
  for (const { unwritten } of looked)
    for (const { module, part } of unwritten)
      planned.set(nameOf({ module, part }), { module, ...(part !== undefined && { part }) });
  const targets = [...new Set(looked.map(({ target }) => target))];
  const without = new Map(
    looked.filter(({ hasBackend }) => !hasBackend).map(({ target, backend }) => [target, backend]),
  );
  const waiting = new Set(counters.filter(({ changed }) => changed).map(({ line }) => line.name));
  const ok = !diagnostics.some(({ severity }) => severity === "error");
  const json: Result = {
    ok,
    targets,
    counting: [...waiting],
    diagnostics: jsonDiagnostics(diagnostics, subject!),
    planned: [...planned.values()],
    withoutBackend: [...without].map(([target, backend]) => ({ target, backend })),
  };
  const text = `${args[0]}: no mistakes${warnings(diagnostics.length)} (targets ${targets.join(", ")})\n${note([...planned.keys()])}${machines(without)}${waitingText(waiting)}`;
  return { code: ok ? exit.done : exit.input, json, text: ok ? text : "" };
});

const nameOf = ({ module, part }: { module: string; part?: string | undefined }): string =>
  part === undefined ? module : `${module} (${part})`;

const note = (planned: readonly string[]): string =>
  planned.length === 0 ? "" : `note: cannot be built, there is no code for ${planned.join(", ")}\n`;

const machines = (without: ReadonlyMap<string, string>): string =>
  [...without]
    .map(
      ([target, backend]) =>
        `note: target ${target} cannot be built yet, there is no backend ${backend} for such a board\n`,
    )
    .join("");

const warnings = (count: number): string =>
  count === 0 ? "" : count === 1 ? ", 1 warning" : `, ${count} warnings`;

const waitingText = (names: ReadonlySet<string>): string =>
  names.size === 0 ? "" : `  the next build counts on: ${[...names].join(", ")}\n`;
