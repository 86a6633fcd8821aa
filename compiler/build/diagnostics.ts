/** What `prepare` reported, as diagnostics with places. */
import { type Diagnostic, Sources, type Span } from "#lang";
import { folderOf, joined } from "../assemble/paths.ts";
import type { Report } from "../assemble/prepare.ts";
import type { BuildRequest } from "./build.ts";
import type { Prepared } from "./snapshot.ts";

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
