import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { lookAt } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import { type Change, changeRow, changeShape, changeText } from "../lock/changes.ts";
import { addPackage, removeLine, setSerial, updateLines } from "../lock/edit.ts";
import { relock } from "../lock/relock.ts";
import { jsonDiagnostics, printDiagnostics } from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  merged: z.boolean().optional().describe("An unfinished merge of appl.lock was finished"),
  changes: z.array(changeShape).describe("Lines of appl.lock that are others now"),
  fetched: z.array(z.string()).describe("Packages that the lock named and that were not there"),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;

const usages: Readonly<Record<string, readonly string[]>> = {
  add: ["NAME", "SOURCE"],
  update: [],
  remove: ["NAME"],
  set: ["NAME", "NUMBER"],
};

export const lock = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options, terminal } = call;
  const folder = folderOf(options["folder"]);
  const [what, name, more] = args;
  if (what === undefined) return await all(folder, call);
  const wanted = Object.hasOwn(usages, what) ? usages[what] : undefined;
  if (wanted === undefined)
    throw usageError(
      `\`appl lock\` cannot \`${what}\``,
      `it can ${Object.keys(usages).join(", ")}, and without a word it does what is needed`,
    );
  const missing = wanted[args.length - 1];
  if (missing !== undefined)
    throw usageError(`\`appl lock ${what}\` wants ${missing}`, `appl lock ${what} ${wanted.join(" ")}`);
  const most = Math.max(wanted.length, what === "update" ? 1 : 0);
  const extra = args[most + 1];
  if (extra !== undefined) throw usageError(`\`appl lock ${what}\` has no use for \`${extra}\``);
  if (options["restore"] === true) throw usageError("`--restore` stands alone", "appl lock --restore");
  const act: Readonly<Record<string, () => Promise<readonly Change[]> | readonly Change[]>> = {
    add: () => addPackage(name!, more!, folder, terminal),
    update: () => updateLines(name, folder, terminal),
    remove: () => removeLine(name!, folder),
    set: () => setSerial(name!, more!, folder),
  };
  const changes = await act[what]!();
  return {
    code: exit.done,
    json: { ok: true, changes: changes.map(changeRow), fetched: [], diagnostics: [] },
    text: text(changes, []),
  };
});

function folderOf(given: unknown): string {
  if (given === undefined) return ".";
  if (Array.isArray(given)) throw usageError("`--folder` wants one folder, and is given several times");
  const folder = String(given);
  if (lookAt(folder)?.isDirectory() === true) return folder;
  throw inputError(`there is no folder \`${folder}\``, "the lock stands in the folder of the descriptions");
}

async function all(folder: string, { options, terminal }: Call): Promise<Outcome<Result>> {
  const { changes, fetched, mistaken, warnings, isMerged } = await relock(
    folder,
    terminal,
    options["restore"] === true,
  );
  const told = [...mistaken, ...warnings];
  for (const { diagnostics, subject } of told) printDiagnostics(diagnostics, subject, terminal);
  const ok = mistaken.length === 0;
  const json: Result = {
    ok,
    merged: isMerged,
    changes: changes.map(changeRow),
    fetched: [...fetched],
    diagnostics: told.flatMap(({ diagnostics, subject }) => jsonDiagnostics(diagnostics, subject)),
  };
  return { code: ok ? exit.done : exit.input, json, text: text(changes, fetched, isMerged) };
}

function text(changes: readonly Change[], fetched: readonly string[], isMerged = false): string {
  const lines = [
    ...(isMerged ? ["appl.lock: both sides of the merge are in it"] : []),
    ...fetched.map((name) => `${name}  fetched`),
    ...changes.map(changeText),
  ];
  return lines.length === 0 ? "appl.lock: nothing to change\n" : `${lines.join("\n")}\n`;
}
