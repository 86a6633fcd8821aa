/** Where every setting was made, and where every file is named: for people who ask, in no recipe. */
import type { Span } from "#lang";
import type { Plan } from "../resolve/plan.ts";
import type { BuildRequest } from "./build.ts";
import { Places } from "./places.ts";
import type { BuildReport, SettingPlace } from "./report.ts";
import { type SettingRow, settingRows } from "./settings.ts";

/** A default is where its option is declared. */
export function placesOf(
  plan: Plan,
  files: readonly { readonly path: string }[],
  request: BuildRequest,
): Pick<BuildReport, "places" | "files"> {
  const places = new Places(request);
  const rows = plan.modules.flatMap(({ module, use }) =>
    use.instances.flatMap((instance) => settingRows(module, instance)),
  );
  const named = rows.filter(({ value }) => /^(?:file|dir) "/.test(String(value)));
  return {
    places: rows.flatMap((row) => placeOf(row, places)),
    files: files.flatMap(({ path }) => {
      const span = named.find(({ value }) => names(value, path))?.span;
      const place = span && places.of(span);
      return place === undefined ? [] : [{ path, place }];
    }),
  };
}

function placeOf({ path, span, byDefault, made }: SettingRow, places: Places): SettingPlace[] {
  const place = span && places.of(span);
  if (span === undefined || place === undefined) return [];
  const elsewhere = !byDefault && made && !follows(made, span, places) ? places.of(made) : undefined;
  return [{ path, place, ...(byDefault && { byDefault }), ...(elsewhere && { made: elsewhere }) }];
}

/** Whether a value stands right behind the name of its setting, and is not brought there from elsewhere. */
function follows(value: Span, { source, end }: Span, places: Places): boolean {
  if (value.source !== source || value.start < end) return false;
  return /^\s*\+?=\s*$/.test(places.text({ source, start: end, end: value.start }));
}

/** `file "zones/a.zone"` is this file, `dir "zones"` has it. */
function names(value: SettingRow["value"], path: string): boolean {
  return (typeof value === "string" ? [value] : value).some((text) => {
    const [, kind, named] = /^(file|dir) "(.*)"$/.exec(text) ?? [];
    const plain = named?.replace(/\\([\s\S])/g, (_, of) => escapes[of] ?? of).replace(/^\.\//, "");
    return kind === "file" ? plain === path : plain !== undefined && path.startsWith(`${plain}/`);
  });
}

/** Of a printed text; every other character stands for itself. */
const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
