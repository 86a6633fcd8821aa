import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { z } from "zod";
import { didYouMean } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { packageRoot } from "../edges/tool.ts";
import { exit, usageError } from "../exit.ts";
import { pageText } from "../page-text.ts";

const result = z.object({
  ok: z.literal(true),
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  title: z.string(),
  markdown: z
    .string()
    .describe("The whole page: what it means, descriptions that have the mistake, and that have not"),
});
type Result = z.output<typeof result>;

export const explainError = command(result, async ({ args, terminal }: Call): Promise<Outcome<Result>> => {
  const folder = join(packageRoot(), "docs", "errors");
  const code = args[0]!.toUpperCase();
  const known = readdirSync(folder).flatMap((name) => /^([EW]\d{4})\.md$/.exec(name)?.[1] ?? []);
  if (!known.includes(code))
    throw noPage(args[0]!, code, known, readFileSync(join(folder, "README.md"), "utf8"));
  const markdown = readFileSync(join(folder, `${code}.md`), "utf8");
  const title = /^# \w+: (.*)$/m.exec(markdown)?.[1] ?? "";
  const severity = code.startsWith("W") ? "warning" : "error";
  const bold = terminal.colours ? pc.bold : (text: string) => text;
  return {
    code: exit.done,
    json: { ok: true, code, severity, title, markdown },
    text: pageText(markdown, bold),
  };
});

/** There is no such code, or nobody has written its page yet. */
function noPage(given: string, code: string, known: readonly string[], index: string) {
  const title = new RegExp(`^\\| ${code} \\| (.*) \\|$`, "m").exec(index)?.[1];
  if (title !== undefined)
    return usageError(`\`${code}\` (${title}) has no page yet`, "the message itself has all that is known");
  return usageError(
    `there is no code \`${given}\``,
    didYouMean(code, known) ??
      "a code stands in brackets behind `error` or `warning`: appl explain-error E0101",
  );
}
