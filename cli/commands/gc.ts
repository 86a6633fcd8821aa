import * as z from "zod";
import { type Call, command, type Outcome } from "../command.ts";
import { shortDigest } from "../edges/cache-trouble.ts";
import { cacheFolder } from "../edges/node-blobs.ts";
import { exit } from "../exit.ts";
import { digest } from "../json.ts";
import { ago, count, duration, plural, size } from "../quantities.ts";
import { type Collected, collect } from "../store/collect.ts";

const KEEP = 5;

const tally = z.object({
  objects: z.number(),
  others: z.number().describe("What actions gave, what was remembered, which builds there were"),
  bytes: z.number(),
});

const result = z.object({
  ok: z.literal(true),
  folder: z.string(),
  dryRun: z.boolean().describe("Nothing was removed"),
  removed: tally,
  kept: tally,
  builds: z.number().describe("Builds and checks that are kept"),
  tags: z.number(),
  dropped: z.array(
    z.object({
      description: z.string(),
      appliance: z.string(),
      target: z.string(),
      manifest: digest.optional().describe("None for a check"),
      used: z.string().describe("When it was last of use"),
    }),
  ),
});
type Result = z.output<typeof result>;

export const gc = command(result, async ({ options }: Call): Promise<Outcome<Result>> => {
  const folder = cacheFolder();
  const now = Date.now();
  const dryRun = options["dryRun"] === true;
  const keep = options["keep"] === undefined ? KEEP : count(options["keep"], "--keep");
  const age = options["olderThan"] === undefined ? 0 : duration(options["olderThan"], "--older-than");
  const done = collect(folder, { keep, since: now - age, dryRun, now });
  const json: Result = {
    ok: true,
    folder,
    dryRun,
    removed: done.removed,
    kept: done.kept,
    builds: done.builds,
    tags: done.tags,
    dropped: done.dropped.map(({ description, entry: { appliance, target, manifest }, file }) => ({
      description,
      appliance,
      target,
      manifest,
      used: new Date(file.used).toISOString(),
    })),
  };
  return { code: exit.done, json, text: text(json, done, now) };
});

const SHOWN = 20;

function text({ folder, dryRun, removed, kept, builds, tags }: Result, { dropped }: Collected, now: number) {
  const rows = dropped
    .filter(({ entry }) => entry.manifest !== undefined)
    .map(
      ({ entry, description, file }) =>
        `  ${entry.appliance}@${entry.target}  ${shortDigest(entry.manifest!)}  ${description}, last used ${ago(now - file.used)} ago`,
    );
  const shown = [
    ...(rows.length === 0 ? [] : [dryRun ? "would drop" : "dropped", ...rows.slice(0, SHOWN)]),
    ...(rows.length > SHOWN ? [`  and ${rows.length - SHOWN} more`] : []),
    `${folder}: ${dryRun ? "would free" : "freed"} ${amount(removed)}; kept ${amount(kept)} of ${plural(builds, "build")}${tags === 0 ? "" : ` and ${plural(tags, "tag")}`}`,
  ];
  return `${shown.join("\n")}\n`;
}

const amount = ({ bytes, objects }: Result["kept"]): string =>
  `${size(bytes)} (${plural(objects, "object")})`;
