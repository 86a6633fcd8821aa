import * as z from "zod";
import { didYouMean } from "#lang";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError } from "../exit.ts";
import { boardPage } from "../manual/boards.ts";
import { libraryPage } from "../manual/modules.ts";
import { languageRequestOf, noSubject } from "../session.ts";

const result = z.union([
  z.object({
    ok: z.literal(true),
    library: z.string(),
    page: z.string().describe("Its page of the manual, Markdown"),
  }),
  z.object({
    ok: z.literal(true),
    libraries: z.array(z.string()).describe("Without an argument: all that there are"),
  }),
]);
type Result = z.output<typeof result>;

export const doc = command(result, async ({ args }: Call): Promise<Outcome<Result>> => {
  const { libraries } = await languageRequestOf(noSubject());
  const all = libraries.all?.() ?? [];
  const wanted = args[0];
  if (wanted === undefined)
    return { code: exit.done, json: { ok: true, libraries: [...all] }, text: `${all.join("\n")}\n` };
  const library = all.find((path) => path === wanted || path === `std/${wanted}`);
  if (library === undefined)
    throw inputError(
      `there is no library \`${wanted}\``,
      didYouMean(wanted, [...all, ...all.map((path) => path.replace(/^std\//, ""))]) ??
        "`appl doc` lists those that are there",
    );
  const isBoard = library === "std/board" || library.startsWith("std/board/");
  const page = isBoard ? boardPage(libraries) : libraryPage(library, libraries);
  if (page === undefined)
    throw inputError(`\`${library}\` has nothing that a description could say`, "other modules use it");
  const text = page.replace(/^<!--.*?-->\s*/s, "");
  return { code: exit.done, json: { ok: true, library, page: text }, text };
});
