import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { contentsOf } from "#backends";
import type { BuildReport } from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { exit, inputError } from "../exit.ts";
import { digest, mapRow, moduleReport } from "../json.ts";
import { columns, grouped, moduleRows, reasonText, sizeTable } from "../modules-report.ts";
import { recallReport } from "../session.ts";

const result = z.object({
  path: z.string(),
  contents: digest,
  image: digest,
  size: z.number(),
  known: z.boolean().describe("The build is in this machine's cache; without it there is nothing below"),
  appliance: z.string().optional(),
  target: z.string().optional(),
  recipe: digest.optional(),
  modules: z.array(moduleReport).optional(),
  devices: z
    .array(z.string())
    .optional()
    .describe("Modules of the target itself: drivers and services of the machine"),
  map: z.array(mapRow).optional(),
});
type Result = z.output<typeof result>;

export const inspect = command(result, async ({ args }: Call): Promise<Outcome<Result>> => {
  const path = args[0]!;
  const bytes = readImage(path);
  const contents = contentsOf(bytes);
  if (contents === undefined)
    throw inputError(
      `\`${path}\` is no image made by appl`,
      "it carries no contents digest; `appl build FILE -o IMAGE` makes one",
    );
  const image = `sha256:${nodeSha256(bytes)}`;
  const report = recallReport(contents);
  const facts = { path, contents, image, size: bytes.length, known: report !== undefined };
  if (report === undefined) {
    const text = `${path}\n  contents  ${contents}\n  image     ${image}\n  size      ${grouped(bytes.length)}\n\n  The build is not in this machine's cache: build the description here to see modules, devices and the memory map.\n`;
    return { code: exit.done, json: facts, text };
  }
  const json: Result = {
    ...facts,
    appliance: report.appliance,
    target: report.target,
    recipe: report.digests.recipe,
    modules: moduleRows(report),
    devices: devicesOf(report),
    map: report.map.map((row) => ({ ...row })),
  };
  return { code: exit.done, json, text: text(json, report) };
});

function readImage(path: string): Uint8Array {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw inputError(`there is no file \`${path}\``);
  return readFileSync(path);
}

const devicesOf = (report: BuildReport): string[] =>
  report.modules
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`backend/${report.target}/`) || path === `backend/${report.target}`);

function text(json: Result, report: BuildReport): string {
  const lines = [
    json.path,
    `  ${json.appliance}@${json.target}`,
    `  recipe    ${json.recipe}`,
    `  contents  ${json.contents}`,
    `  image     ${json.image}${json.image === report.digests.image ? "" : "   (not as it was built: the file was changed)"}`,
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
