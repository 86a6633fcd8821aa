import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { descriptionsOf } from "../descriptions.ts";
import { exit, usageError } from "../exit.ts";
import { type FixedFile, fixFiles } from "../fixing.ts";
import { diagnostic } from "../json.ts";
import { paramsOf } from "../session.ts";

const fixed = z.object({
  code: z.string().describe("Of the diagnostic"),
  help: z.string(),
  line: z.number(),
  column: z.number(),
  before: z.string().describe("What stood there; empty where something was added"),
  replacement: z.string(),
});
const result = z.object({
  ok: z.boolean(),
  files: z.array(
    z.object({
      file: z.string(),
      state: z.enum(["same", "changed", "differs"]).describe("`differs`: with --check or --diff"),
      fixes: z.array(fixed).describe("Places in the file as it was"),
    }),
  ),
  diagnostics: z.array(diagnostic).describe("What is left, with places in the text after the fixes"),
});
type Result = z.output<typeof result>;

export const fix = command(result, async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
  const [check, diff] = [options["check"] === true, options["diff"] === true];
  if (check && diff)
    throw usageError("`--check` and `--diff` exclude each other", "`--diff` changes nothing, either");
  const only = check || diff;
  const named = descriptionsOf(args.length === 0 ? ["."] : args);
  const { files, left } = await fixFiles(named, paramsOf(options["param"]), !only, terminal);
  const hasErrors = left.some(({ severity }) => severity === "error");
  const changed = files.filter(({ before, after }) => before !== after);
  const ok = !hasErrors && !(only && changed.length > 0);
  return {
    code: ok ? exit.done : exit.input,
    json: {
      ok,
      files: files.map(({ file, before, after, fixes }) => ({
        file,
        state: before === after ? "same" : only ? "differs" : "changed",
        fixes: [...fixes],
      })),
      diagnostics: [...left],
    },
    text: changed.map(diff ? patchOf : linesOf).join(""),
  };
});

const linesOf = ({ file, fixes }: FixedFile): string =>
  fixes.map((it) => `${file}:${it.line}:${it.column}: ${whatOf(it)} (${it.code})\n`).join("");

function whatOf({ before, replacement, help }: Result["files"][number]["fixes"][number]): string {
  return before === "" ? help : `\`${before}\` is now \`${replacement}\``;
}

/** As `patch` and `git apply` take it. */
const patchOf = ({ file, before, after }: FixedFile): string =>
  createTwoFilesPatch(file, file, before, after, undefined, undefined, { headerOptions: FILE_HEADERS_ONLY });
