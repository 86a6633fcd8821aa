import * as z from "zod";
import {
  type ByteChange,
  byteChanges,
  bytesText,
  compareBuilds,
  type Difference,
  differencePage,
  differenceText,
  imageBytes,
  type Store,
} from "#compiler";
import { alike, type Named, namedBuild, Refused } from "../builds.ts";
import { type Call, command, type Outcome } from "../command.ts";
import { CommandError, exit, inputError } from "../exit.ts";
import { digest, sourcePlace } from "../json.ts";
import { pageGiven, writePage } from "../page-file.ts";
import { openStore, paramsOf } from "../session.ts";

const shown = z
  .union([z.string(), z.number(), z.array(z.string())])
  .describe("As it would be written, a list item by item; a number is bytes");
const detail = z.object({
  what: z.string(),
  change: z.enum(["added", "removed", "changed"]),
  from: shown.optional(),
  to: shown.optional(),
});
const cause = detail.extend({
  kind: z.enum([
    "appliance",
    "target",
    "board",
    "toolchain",
    "param",
    "secret",
    "setting",
    "block",
    "order",
    "file",
    "library",
    "part",
    "module",
    "need",
  ]),
  what: z.string().describe("Path of a setting, block or file; name of a module"),
  places: z.object({ a: sourcePlace.optional(), b: sourcePlace.optional() }),
  also: z.array(z.string()).describe("Other settings that changed by the same words"),
  details: z.array(detail),
  patch: z.array(z.object({ sign: z.enum(["+", "-", " ", "…"]), text: z.string() })),
  consequences: z.array(detail).describe("What followed from it"),
});
const side = z.object({
  name: z.string(),
  appliance: z.string().optional(),
  target: z.string().optional(),
  recipe: digest.optional(),
  contents: digest.optional(),
  image: digest.optional(),
  size: z.number().optional(),
});
const extent = z.object({ offset: z.number().describe("In the file"), size: z.number() });
const result = z.object({
  verdict: z
    .enum(["identical", "same bytes", "different", "unexplained"])
    .describe(
      "`same bytes`: other recipes, one image; `unexplained`: a recipe is not in this machine's store",
    ),
  a: side,
  b: side,
  causes: z.array(cause),
  sections: z.array(z.string()).describe("Parts of the image that are not equal: code, data, frame"),
  same: z.array(z.object({ what: z.string(), count: z.number() })),
  code: z
    .array(z.object({ module: z.string(), from: z.number(), to: z.number(), functions: z.array(detail) }))
    .describe("Modules whose machine code or WebAssembly is not the same"),
  bytes: z
    .array(
      z.object({
        section: z.string(),
        symbol: z.string().optional(),
        a: extent.optional(),
        b: extent.optional(),
        first: z.number().describe("The first byte that differs, from the start of the symbol or section"),
        count: z.number(),
      }),
    )
    .optional()
    .describe("With --bytes"),
});
type Result = z.output<typeof result>;

export const diff = command(result, async (call: Call): Promise<Outcome<Result>> => {
  try {
    return await compare(call);
  } catch (error) {
    // Here 1 says that there is a difference.
    if (error instanceof CommandError && error.code === exit.input)
      throw new CommandError(exit.usage, error.message, error.help);
    if (error instanceof Refused)
      throw new CommandError(
        exit.usage,
        `\`${error.message}\` cannot be built, so there is nothing to compare`,
      );
    throw error;
  }
});

async function compare({ args, options, terminal }: Call): Promise<Outcome<Result>> {
  const page = pageGiven(options["html"], args);
  const store = await openStore();
  const params = paramsOf(options["param"]);
  const one = await namedBuild(args[0]!, params, store, terminal);
  const b = alike(await namedBuild(args[1]!, params, store, terminal), one);
  const a = alike(one, b);
  const { difference } = compareBuilds(a, b, store);
  const all = options["all"] === true;
  const bytes = options["bytes"] === true ? bytesOf(a, b, store) : undefined;
  const json = { ...asJson(difference, a.name, b.name), bytes };
  const names = { a: a.name, b: b.name };
  const causes = differenceText(difference, { names, all });
  const text = bytes === undefined ? causes : `${causes}\n${bytesText(bytes, all)}`;
  const written = page && writePage(page, await differencePage({ difference, names, a, b, bytes }, store));
  const same = difference.verdict === "identical" || difference.verdict === "same bytes";
  return { code: same ? exit.done : exit.input, json, text: `${text}${written ?? ""}` };
}

function bytesOf(a: Named, b: Named, store: Store): ByteChange[] {
  const [one, other] = [a, b].map((named) => {
    const bytes = named.bytes();
    if (bytes === undefined)
      throw inputError(
        `the image of \`${named.name}\` is not in this machine's store`,
        "name the image file instead",
      );
    return imageBytes(bytes, named, store);
  });
  return byteChanges(one!, other!);
}

const asJson = (difference: Difference, a: string, b: string): Result =>
  result.parse({ ...difference, a: { name: a, ...difference.a }, b: { name: b, ...difference.b } });
