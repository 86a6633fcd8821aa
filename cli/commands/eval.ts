import * as z from "zod";
import {
  type Configuration,
  configure,
  EXPRESSION,
  evaluateExpression,
  jsonText,
  MemoryFiles,
  print,
  settingsOf,
  toJsonValue,
} from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, usageError } from "../exit.ts";
import { diagnostic } from "../json.ts";
import {
  jsonDiagnostics,
  languageRequestOf,
  noSubject,
  paramsOf,
  printDiagnostics,
  type Subject,
  subjectOf,
} from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  appliance: z.string().optional(),
  target: z.string().optional(),
  type: z.string().optional().describe("Of an expression"),
  value: z
    .unknown()
    .optional()
    .describe(
      "The settings of every module, in the form that `appl schema` describes; or the value of the expression",
    ),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;

export const evaluate = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options } = call;
  const expression = options["expression"];
  if (args[0] === undefined && expression === undefined)
    throw usageError(
      "`appl eval` wants a description, or an expression",
      "for example appl eval -e 'cidr.subnets(10.20.0.0/16, 24)[3]'",
    );
  const params = paramsOf(options["param"]);
  const subject = args[0] === undefined ? noSubject() : subjectOf(args[0], params);
  return expression === undefined
    ? ofSettings(subject, call)
    : ofExpression(subject, String(expression), call);
});

async function ofSettings(subject: Subject, { terminal }: Call): Promise<Outcome<Result>> {
  const { configurations, diagnostics } = configure(await requestOf(subject));
  printDiagnostics(diagnostics, subject, terminal);
  const said = { target: subject.target, diagnostics: jsonDiagnostics(diagnostics, subject) };
  const [configuration] = configurations;
  if (configuration === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  const document = withoutUnused(configuration);
  return {
    code: exit.done,
    json: { ok: true, appliance: configuration.appliance.name, value: toJsonValue(document), ...said },
    text: `${jsonText(document)}\n`,
  };
}

/** Modules that the description has no block of are not there. */
function withoutUnused(configuration: Configuration): ReturnType<typeof settingsOf> {
  const settings = settingsOf(configuration);
  const used = [...settings.fields].filter(
    ([, value]) => value.kind !== "none" && !(value.kind === "map" && value.entries.size === 0),
  );
  return { ...settings, fields: new Map(used) };
}

async function ofExpression(subject: Subject, text: string, { terminal }: Call): Promise<Outcome<Result>> {
  const { value, type, diagnostics } = evaluateExpression(await requestOf(subject), text);
  const shown = withExpression(subject, text);
  printDiagnostics(diagnostics, shown, terminal);
  const said = { diagnostics: jsonDiagnostics(diagnostics, shown) };
  if (value === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  return {
    code: exit.done,
    json: { ok: true, ...(type !== undefined && { type }), value: toJsonValue(value), ...said },
    text: `${print(value)}\n`,
  };
}

async function requestOf(subject: Subject) {
  const { appliance, target, reference } = subject;
  const request = await languageRequestOf(subject);
  return reference.file === "" ? request : { ...request, appliance, target };
}

/** Messages may point into the expression. */
function withExpression(subject: Subject, text: string): Subject {
  const own = new MemoryFiles({ [EXPRESSION]: text });
  const { files } = subject;
  return {
    ...subject,
    files: {
      ...files,
      read: (path) => own.read(path) ?? files.read(path),
      readShown: (path) => own.read(path) ?? files.readShown(path),
      elsewhere: (path) => (path === EXPRESSION ? EXPRESSION : files.elsewhere(path)),
    },
  };
}
