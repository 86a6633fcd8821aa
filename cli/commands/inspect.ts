import { readFileSync } from "node:fs";
import * as z from "zod";
import { contentsOf } from "#backends";
import {
  type BuildReport,
  type Digest,
  inspectPage,
  knownBuilds,
  type Lines,
  readReport,
  reasonText,
  type Store,
} from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { readImage } from "../inputs.ts";
import { code, disassemble } from "../inspect/disassemble.ts";
import { explainLine, explainLog, trap } from "../inspect/trap.ts";
import { digest, mapRow, moduleReport, slotRow } from "../json.ts";
import { columns, demandShape, grouped, moduleRows, sizeTable } from "../modules-report.ts";
import { pageGiven, writePage } from "../page-file.ts";
import { linesIn } from "../run/known-lines.ts";
import { openStore } from "../session.ts";

const result = z.object({
  path: z.string(),
  contents: digest,
  image: digest,
  size: z.number(),
  known: z.boolean().describe("The build is in this machine's cache; without it there is nothing below"),
  asBuilt: z
    .boolean()
    .optional()
    .describe("False: the file is not as it was built; it was changed or cut off"),
  appliance: z.string().optional(),
  target: z.string().optional(),
  recipe: digest.optional(),
  modules: z.array(moduleReport).optional(),
  devices: z
    .array(z.string())
    .optional()
    .describe("Modules of the target itself: drivers and services of the machine"),
  slots: z.array(slotRow).optional().describe("What a machine is given when it starts"),
  map: z.array(mapRow).optional(),
  memory: demandShape
    .optional()
    .describe("Of a board with little memory: what the image takes of it, in bytes"),
  traps: z
    .array(trap)
    .optional()
    .describe("With --trap, and then nothing of the above from the appliance's name on"),
  code: code.optional().describe("With --disassemble, likewise"),
});
type Result = z.output<typeof result>;

export const inspect = command(
  result,
  async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
    const path = args[0]!;
    const asked = askedFor(options);
    const page = pageGiven(options["html"], [path]);
    const bytes = readImage(path);
    const contents = contentsOf(bytes);
    if (contents === undefined)
      throw inputError(
        `\`${path}\` is no image made by appl`,
        path.endsWith(".appl")
          ? `it is a description: appl build ${path} -o IMAGE makes an image of it`
          : "it carries no contents digest at the place where `appl build` writes it; it may have been cut off",
      );
    const image: Digest = `sha256:${nodeSha256(bytes)}`;
    const store = await openStore();
    const report = reportOf(contents, store);
    const facts = { path, contents, image, size: bytes.length, known: report !== undefined };
    if (report === undefined) {
      if (asked !== undefined)
        throw inputError(
          `the build of \`${path}\` is not in this machine's cache, so ${missing[asked]}`,
          "build its description here",
        );
      const text = `${path}\n  contents  ${contents}\n  image     ${image}\n  size      ${grouped(bytes.length)}\n\n  The build is not in this machine's cache: build the description here to see modules, devices and the memory map.\n`;
      return { code: exit.done, json: facts, text };
    }
    const asBuilt = image === report.digests.image;
    if (asked === "trap") {
      const { traps, text } = trapsIn(options["trap"], knownLines(path, contents as Digest, asBuilt, store));
      return { code: exit.done, json: { ...facts, asBuilt, traps: [...traps] }, text };
    }
    if (asked === "disassemble") {
      const lines = knownLines(path, contents as Digest, asBuilt, store);
      const name = String(options["disassemble"]);
      const found = await disassemble(name, bytes, report, lines, store);
      return { code: exit.done, json: { ...facts, asBuilt, code: found.code }, text: found.text };
    }
    const damage = asBuilt ? undefined : damageOf(path, bytes.length, report);
    if (damage !== undefined) terminal.error(`appl: ${damage}\n`);
    const json: Result = {
      ...facts,
      asBuilt,
      appliance: report.appliance,
      target: report.target,
      recipe: report.digests.recipe,
      modules: moduleRows(report),
      devices: devicesOf(report),
      slots: report.slots.map((row) => ({ ...row })),
      map: report.map.map((row) => ({ ...row })),
      ...(report.demands && { memory: report.demands }),
    };
    const written = page && writePage(page, await inspectPage({ report, image, damage }, store));
    return { code: asBuilt ? exit.done : exit.input, json, text: `${text(json, report)}${written ?? ""}` };
  },
);

const missing = {
  html: "there is nothing to draw",
  trap: "nothing is known of its code",
  disassemble: "nothing is known of its code",
} as const;

/** One question at a time. */
function askedFor(options: Call["options"]): keyof typeof missing | undefined {
  const [first, second] = (["html", "trap", "disassemble"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (second !== undefined) throw usageError(`\`--${first}\` and \`--${second}\` exclude each other`);
  if (first !== undefined && Array.isArray(options[first]) && first !== "html")
    throw usageError(`\`--${first}\` is given several times`);
  return first;
}

/** `given`: a line; without one the log is on standard input. */
function trapsIn(given: unknown, lines: Lines): ReturnType<typeof explainLog> {
  return given === true ? explainLog(readFileSync(0, "utf8"), lines) : explainLine(String(given), lines);
}

/** What the image's code was made of, if it is this code: whichever build of it still knows. */
function knownLines(path: string, contents: Digest, asBuilt: boolean, store: Store): Lines {
  if (!asBuilt)
    throw inputError(`\`${path}\` is not as it was built, so nothing is known of its code`, "build it anew");
  const lines = linesIn(store, contents);
  if (lines !== undefined) return lines;
  throw inputError(
    `what the code of \`${path}\` was made of is not in this machine's cache any more`,
    "build its description here",
  );
}

/** The newest build that gave these contents; undefined if this machine knows none. */
function reportOf(contents: string, store: Store): BuildReport | undefined {
  const [newest] = knownBuilds(contents as Digest, store);
  return newest && readReport(newest, store);
}

function damageOf(path: string, size: number, { image }: BuildReport): string {
  if (size === image.size) return `\`${path}\` is not as it was built: its bytes were changed`;
  const what = size < image.size ? "was cut off" : "has something behind its end";
  return `\`${path}\` ${what}: it has ${grouped(size)} bytes, and was built with ${grouped(image.size)}`;
}

const devicesOf = (report: BuildReport): string[] =>
  report.modules
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`backend/${report.backend}/`) || path === `backend/${report.backend}`);

/** What a machine is given: where it looks, what for, and what it does without. */
const slotTable = (slots: NonNullable<Result["slots"]>): string =>
  columns(
    slots.map((each) => [
      each.slot,
      each.secret ? `secret ${each.name}` : `param ${each.name}`,
      each.type,
      each.default === undefined ? "must be given" : `default ${each.default}`,
      each.wants,
    ]),
  ).trimEnd();

function text(json: Result, report: BuildReport): string {
  const lines = [
    json.path,
    `  ${json.appliance}@${json.target}`,
    `  recipe    ${json.recipe}`,
    `  contents  ${json.contents}`,
    `  image     ${json.image}${json.asBuilt === true ? "" : "   (not as it was built)"}`,
    `  size      ${grouped(json.size)}`,
    "",
    "modules",
  ];
  for (const module of json.modules!) {
    lines.push(`  ${module.path}  ${grouped(module.bytes)} bytes`);
    for (const part of module.parts) lines.push(`      part ${part.name}: ${part.on ? "on" : "off"}`);
    for (const each of module.reasons)
      lines.push(
        `      ${reasonText({ ...each, from: each.from, interface: each.interface, place: each.place })}`,
      );
  }
  lines.push("", "devices and services of the target", ...json.devices!.map((path) => `  ${path}`));
  if (json.slots!.length > 0) lines.push("", "slots", slotTable(json.slots!));
  lines.push("", "sizes", sizeTable(report).trimEnd());
  if (json.map!.length > 0) {
    const rows = json.map!.map((row) => [
      `0x${row.address.toString(16).padStart(8, "0")}`,
      grouped(row.size),
      row.access,
      row.name,
      row.stored === row.size ? "" : `${grouped(row.stored)} in the file`,
    ]);
    lines.push("", "memory map", columns(rows, [1]).trimEnd());
  }
  return `${lines.join("\n")}\n`;
}
