/** Modules of a build with their sizes and reasons, as text and as data. */

import * as z from "zod";
import type { BuildReport, ModuleReport, ReasonReport } from "#compiler";
import type { moduleReport, reason } from "./json.ts";

export function moduleRows(report: BuildReport): z.output<typeof moduleReport>[] {
  const bytes = new Map(report.sizes.code.map((row) => [row.name, row.bytes]));
  return report.modules.map((module) => ({
    path: module.path,
    doc: module.doc,
    bytes: bytes.get(module.path) ?? 0,
    parts: [...module.parts],
    needs: { ...module.bindings },
    reasons: module.reasons.map(reasonRow),
    settings: module.settings.map(({ label, options }) => ({ label, options: { ...options } })),
  }));
}

export function reasonRow({
  kind,
  from,
  text,
  interface: wanted,
  place,
  part,
}: ReasonReport): z.output<typeof reason> {
  return { kind, from, text, interface: wanted, place, part };
}

export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0]?.map((_, n) => Math.max(...rows.map((row) => row[n]!.length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, n) => (right.includes(n) ? cell.padStart(widths[n]!) : cell.padEnd(widths[n]!)))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}\n`)
    .join("");
}

export const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

export const moduleAt = (report: BuildReport, path: string): ModuleReport | undefined =>
  report.modules.find((module) => module.path === path);

/** Sizes of all code, the largest first, then the data; and what is used of memory that the machine has little of. */
export function sizeTable({ sizes, image, demands }: BuildReport): string {
  const rows = sizes.code.map(({ name, bytes }) => [name, grouped(bytes)] as const);
  const table = columns(
    [...rows, ["prepared data", grouped(sizes.data)], ["whole file", grouped(image.size)]],
    [1],
  );
  return demands === undefined ? table : `${table}\n${memoryTable(demands)}`;
}

/** `RAM  57.9 %  227,520 of 393,216 bytes, 165,696 free`: what E0802 compares. Of flash memory it is one slot. */
function memoryTable(demands: NonNullable<BuildReport["demands"]>): string {
  const row = (name: string, { used, most }: Demand) => [
    name,
    `${((100 * used) / most).toFixed(1)} %`,
    `${grouped(used)} of ${grouped(most)} bytes, ${grouped(most - used)} free`,
  ];
  return columns([row("flash", demands.flash), row("RAM", demands.ram)], [1]);
}

export const demand = z.object({
  used: z.number(),
  most: z.number().describe("What there is: of RAM that for data, of flash memory one slot"),
});
type Demand = z.output<typeof demand>;

/** Of a board with little memory, in bytes. */
export const demandShape = z.object({ flash: demand, ram: demand });
