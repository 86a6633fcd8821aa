import * as z from "zod";
import type { Built, Finished } from "#compiler";
import type { Counter } from "#lang";
import { buildElsewhere } from "../again/elsewhere.ts";
import { type Difference, differenceLines, differences } from "../again/explain.ts";
import { documentsOf } from "../build-documents.ts";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, usageError } from "../exit.ts";
import { diagnostic, digest } from "../json.ts";
import { launchersGiven, requireLaunchers, writeLaunchers } from "../launchers.ts";
import { buildCounting, counterRow, counterShape, counterText } from "../lock/count.ts";
import { demandShape, sizeTable } from "../modules-report.ts";
import { ociGiven, requireContainer, writeOci } from "../oci.ts";
import { documentPath, outputGiven, writeImage } from "../output.ts";
import {
  backendOf,
  jsonDiagnostics,
  openStore,
  paramsOf,
  printDiagnostics,
  type Subject,
  subjectsOf,
} from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  path: z.string().optional().describe("Where the image was written"),
  documents: z
    .object({
      manifest: z.string().optional(),
      recipe: z.string().optional(),
      origin: z.string().optional(),
      spdx: z.string().optional(),
      cdx: z.string().optional(),
      provenance: z.string().optional(),
    })
    .optional()
    .describe("What was written beside it"),
  oci: z.string().optional().describe("With --oci: where the container image was written"),
  launch: z.array(z.string()).optional().describe("Files beside it with which a toolstack starts it"),
  appliance: z.string().optional(),
  target: z.string(),
  digests: z.object({ recipe: digest, contents: digest, image: digest, manifest: digest }).optional(),
  size: z.number().optional().describe("Bytes of the image"),
  modules: z.array(z.object({ name: z.string(), bytes: z.number() })).optional(),
  data: z.number().optional().describe("Bytes of prepared data"),
  memory: demandShape
    .optional()
    .describe("Of a board with little memory: what the image takes of it, in bytes"),
  reproduced: z.boolean().optional().describe("With --check: the second build gave the same bytes"),
  differences: z
    .array(
      z.object({
        layer: z.enum(["build", "digest", "document", "section", "symbol"]),
        name: z.string(),
        a: z.string(),
        b: z.string(),
        offset: z
          .number()
          .optional()
          .describe("Of a section or symbol: the first byte that differs, in the file"),
      }),
    )
    .optional()
    .describe("With --check: what the second build has otherwise"),
  counted: z
    .array(counterShape)
    .optional()
    .describe("Serial numbers that have grown, as appl.lock has them now"),
  steps: z.array(
    z.object({
      step: z.string(),
      done: z.boolean(),
      ms: z.number(),
      functions: z
        .object({ compiled: z.number(), all: z.number() })
        .optional()
        .describe("Of machine code: those that no build before had compiled, and all"),
    }),
  ),
  diagnostics: z.array(diagnostic),
});
type Result = z.output<typeof result>;

const results = result.extend({
  more: z.array(result).optional().describe("Further images, if the reference names several"),
});
type Results = z.output<typeof results>;

/** Each wants some tens of megabytes. */
const MOST_JOBS = 256;

export const build = command(results, async (call: Call): Promise<Outcome<Results>> => {
  const subjects = subjectsOf(call.args[0]!, paramsOf(call.options["param"]));
  const { file } = subjects[0]!.reference;
  const given = outputGiven(call.options["output"], file);
  if (given !== undefined && subjects.length > 1)
    throw usageError(
      `\`${call.args[0]}\` names ${subjects.length} images, and --output one file`,
      "leave --output out, or say which image: FILE:APPLIANCE@TARGET",
    );
  const oci = ociGiven(call.options["oci"]);
  if (oci !== undefined && subjects.length > 1)
    throw usageError(
      `\`${call.args[0]}\` names ${subjects.length} images, and --oci one place`,
      "say which image: FILE:APPLIANCE@TARGET",
    );
  const launchers = launchersGiven(call.options["launcher"]);
  const done: Outcome<Result>[] = [];
  for (const subject of subjects) done.push(await buildOne(subject, { given, oci, launchers }, call));
  const [first, ...more] = done.map(({ json }) => json);
  return {
    code: Math.max(...done.map(({ code }) => code)),
    json: { ...first!, ok: done.every(({ json }) => json.ok), ...(more.length > 0 && { more }) },
    text: done
      .map(({ text }) => text)
      .filter((text) => text !== "")
      .join("\n"),
  };
});

interface Places {
  readonly given: string | undefined;
  readonly oci: string | undefined;
  readonly launchers: readonly string[];
}

async function buildOne(
  subject: Subject,
  { given, oci, launchers }: Places,
  call: Call,
): Promise<Outcome<Result>> {
  const locked = call.options["locked"] === true;
  const jobs = jobsGiven(call.options["jobs"]);
  // Of a target that the description declares it is known later.
  if (!subject.isDeclared) {
    if (oci !== undefined) requireContainer(backendOf(subject.target));
    requireLaunchers(backendOf(subject.target), launchers);
  }
  const { diagnostics, built, steps, counters } = await buildCounting(subject, call.terminal, {
    locked,
    jobs,
  });
  printDiagnostics(diagnostics, subject, call.terminal);
  const said = {
    target: subject.target,
    steps: [...steps],
    diagnostics: jsonDiagnostics(diagnostics, subject),
  };
  if (built === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  const path = given ?? outputName(subject, built);
  const documents = documentsOf(built, subject);
  const backend = backendOf(built.report.backend);
  if (oci !== undefined) await writeOci(oci, built, backend);
  const written = writeImage(path, built.image, documents, backend.isolate !== undefined);
  requireLaunchers(backend, launchers);
  const launch = written.length === 0 ? [] : writeLaunchers(path, built, backend, launchers);
  const differing =
    call.options["check"] === true ? await differingAgain(subject, built, documents, call) : undefined;
  const { report } = built;
  const counted = counters.filter(({ changed }) => changed);
  const json: Result = {
    ok: !differing?.length,
    path,
    oci,
    ...(launch.length > 0 && { launch }),
    appliance: report.appliance,
    documents: Object.fromEntries(written.map((kind) => [kind, documentPath(path, kind)])),
    digests: report.digests,
    size: report.image.size,
    modules: report.sizes.code.map((row) => ({ ...row })),
    data: report.sizes.data,
    ...(report.demands && { memory: report.demands }),
    ...(differing && {
      reproduced: differing.length === 0,
      differences: differing.map((each) => ({ ...each })),
    }),
    counted: counted.map(counterRow),
    ...said,
  };
  return {
    code: differing?.length ? exit.input : exit.done,
    json,
    text: text([path, ...launch, ...(oci === undefined ? [] : [oci])], built, counted, differing),
  };
}

function jobsGiven(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const jobs = Number(given);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    throw usageError(`--jobs wants a number of threads, from 1 to ${MOST_JOBS}`, "for example `--jobs 4`");
  return jobs;
}

/** `ns1.elf`, `ns1.linux`, `ns1.img`; for a target that the description declares `site@dev.elf`, since there may be several. */
function outputName({ isDeclared, target }: Subject, { report }: Built): string {
  const { appliance, image } = report;
  return `${appliance}${isDeclared ? `@${target}` : ""}.${image.extension}`;
}

async function differingAgain(
  subject: Subject,
  built: Finished,
  documents: ReturnType<typeof documentsOf>,
  { options, terminal }: Call,
): Promise<Difference[]> {
  terminal.progress("building again, elsewhere");
  const store = await openStore();
  const found = await buildElsewhere(subject, built, options["locked"] === true, (again) =>
    differences(built, again, store, documents),
  );
  terminal.quiet();
  return found;
}

function text(
  paths: readonly string[],
  { report }: Built,
  counted: readonly Counter[],
  differing: readonly Difference[] | undefined,
): string {
  const { digests, appliance, target } = report;
  const lines = [
    ...paths,
    `  ${appliance}@${target}`,
    `  contents  ${digests.contents}`,
    `  image     ${digests.image}`,
    "",
    sizeTable(report).trimEnd(),
  ];
  if (counted.length > 0)
    lines.push("", "counted in appl.lock", ...counted.map((each) => `  ${counterText(each)}`));
  if (differing?.length === 0) lines.push("", "  built again elsewhere, without the cache: the same bytes");
  else if (differing !== undefined)
    lines.push(
      "",
      "  built again elsewhere, without the cache: NOT THE SAME; please report this with the description",
      ...differenceLines(differing).map((line) => `    ${line}`),
    );
  return `${lines.join("\n")}\n`;
}
