import * as z from "zod";
import { configure, MemoryFiles, schemaOfModules } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError } from "../exit.ts";
import { lookAt } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import {
  jsonDiagnostics,
  languageRequestOf,
  noSubject,
  paramsOf,
  printDiagnostics,
  subjectOf,
} from "../session.ts";

const result = z.union([
  z
    .looseObject({ $schema: z.string(), title: z.string(), type: z.literal("object") })
    .describe("A JSON Schema, draft 2020-12"),
  z.object({ ok: z.literal(false), diagnostics: z.array(diagnostic) }),
]);
type Result = z.output<typeof result>;

/** Of what `appl eval --json` gives as `value`. */
export const schema = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const { libraries } = await languageRequestOf(noSubject());
  const inFull = `std/${args[0]!}`;
  const about = lookAt(args[0]!) === undefined && libraries.all?.().includes(inFull) ? inFull : args[0]!;
  const isLibrary = /^(std|pkg)\//.test(about);
  const subject = isLibrary ? noSubject() : subjectOf(about, paramsOf(options["param"]));
  const base = await languageRequestOf(subject);
  const text = `appl 1\nuse ${about}\nappliance schema { }\n`;
  const request = isLibrary
    ? { ...base, path: "schema.appl", files: new MemoryFiles({ "schema.appl": text }) }
    : { ...base, appliance: subject.appliance, target: subject.target };
  const { configurations, diagnostics } = configure(request);
  const [configuration] = configurations;
  if (configuration === undefined) {
    if (isLibrary)
      throw inputError(`there is no library \`${about}\``, "appl doc lists those that are there");
    printDiagnostics(diagnostics, subject, terminal);
    const said = { ok: false as const, diagnostics: jsonDiagnostics(diagnostics, subject) };
    return { code: exit.input, json: said, text: "" };
  }
  const used = isLibrary
    ? configuration.declarations.filter(({ library, type }) => library === about && type.members.length > 0)
    : configuration.modules.map(({ module }) => module);
  const names = new Map(configuration.names.map(({ name, module }) => [module, name]));
  const title = isLibrary ? about : `${configuration.appliance.name} of ${about}`;
  const made = schemaOfModules(
    used.map((module) => ({
      name: names.get(module) ?? module.name,
      type: module.type,
      multiple: module.multiple,
    })),
    title,
  );
  return { code: exit.done, json: made as Result, text: `${JSON.stringify(made, null, 2)}\n` };
});
