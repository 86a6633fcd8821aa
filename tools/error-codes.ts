/** Every code that a diagnostic can have, in order: of the language, of the compiler, of the libraries. */
import { readFileSync } from "node:fs";
import { compilerCatalog } from "#compiler";
import { catalog, parse } from "#lang";
import { libraryFiles } from "../cli/edges/library-files.ts";

export interface CodeRow {
  readonly title: string;
  /** The file that declares it. */
  readonly file: string;
}

const ofLibraries = libraryFiles().flatMap((file) =>
  parse(file, readFileSync(file)).ast.items.flatMap((item) => {
    if (item.kind !== "diagnosticDecl") return [];
    const [part] = item.title.parts;
    return [[item.code.text, { title: part?.kind === "textPart" ? part.value : "", file }] as const];
  }),
);

const titled = (table: Readonly<Record<string, { readonly title: string }>>, file: string) =>
  Object.entries(table).map(([code, { title }]) => [code, { title, file }] as const);

export const codes: ReadonlyMap<string, CodeRow> = new Map(
  [...titled(catalog, "lang"), ...titled(compilerCatalog, "compiler"), ...ofLibraries].toSorted(([a], [b]) =>
    a.slice(1) + a < b.slice(1) + b ? -1 : 1,
  ),
);
