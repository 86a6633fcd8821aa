/** What resolving and `prepare` found, as diagnostics with places. */
import { type Configuration, type Diagnostic, Sources, type Span } from "#lang";
import { folderOf, joined } from "../assemble/paths.ts";
import type { Report } from "../assemble/prepare.ts";
import type { Obstacle } from "../resolve/resolve.ts";
import type { BuildRequest } from "./build.ts";
import type { Prepared } from "./snapshot.ts";

export function obstacleDiagnostics(
  obstacles: readonly Obstacle[],
  { appliance }: Configuration,
): Diagnostic[] {
  return obstacles.map(({ code, message, help, reason }) => ({
    code,
    severity: "error",
    text: message,
    primary: {
      span: reason.kind === "target" ? appliance.span : reason.span,
      text: reason.kind === "need" ? `\`${reason.from}\` needs it here` : "",
    },
    related: [],
    helps: help === "" ? [] : [{ text: help }],
    notes: [],
  }));
}

export function reportDiagnostics({ reports, spans }: Prepared, request: BuildRequest): Diagnostic[] {
  const sources = new Sources(request.files);
  const folder = folderOf(request.path);
  const placeOf = ({ place }: Report): Span => {
    if (place.kind === "setting") return spans[place.at] ?? { source: request.path, start: 0, end: 0 };
    const { line, column, length } = place;
    return sources.spanAt(joined(folder, place.path), { line, column }, length);
  };
  return reports.map((report) => ({
    code: report.code,
    severity: report.severity,
    text: report.message,
    primary: { span: placeOf(report), text: "" },
    related: [],
    helps: report.help === "" ? [] : [{ text: report.help }],
    notes: [],
  }));
}
