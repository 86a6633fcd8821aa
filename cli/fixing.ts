/** Fixes descriptions in memory, then their files. */
import type { z } from "zod";
import { type Analysis, analyse, fix, worse } from "#ide";
import { type Diagnostic, outline, packageAround, type Request } from "#lang";
import { Drafts, placeOf } from "./drafts.ts";
import type { diagnostic } from "./json.ts";
import {
  jsonDiagnostics,
  languageRequestOf,
  printDiagnostics,
  type Subject,
  shownPath,
  subjectOfFile,
} from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface FixedFile {
  readonly file: string;
  /** Texts are without a byte order mark. */
  readonly before: string;
  readonly after: string;
  readonly fixes: readonly FileFix[];
}

/** With the place in the file as it was. */
export interface FileFix {
  readonly code: string;
  readonly help: string;
  readonly line: number;
  readonly column: number;
  readonly before: string;
  readonly replacement: string;
}

export interface FixedFiles {
  /** Those that were named; behind each, those that it uses and that differ. */
  readonly files: readonly FixedFile[];
  /** What is still wrong. */
  readonly left: readonly z.output<typeof diagnostic>[];
}

/** One description, with what was wrong with it at the beginning. */
interface Root {
  readonly subject: Subject;
  readonly request: Request;
  /** Where it really lies. */
  readonly place: string;
  readonly start: Pick<Analysis, "diagnostics">;
  /** Real paths. */
  readonly reads: ReadonlySet<string>;
}

/**
 * Fixes the descriptions that are named, and the files of their projects that they use. Nothing is written before all is known to do no harm to
 * any of them. What is left is looked for in the files as they are then, and printed.
 */
export async function fixFiles(
  named: readonly string[],
  params: Subject["params"],
  write: boolean,
  terminal: Terminal,
): Promise<FixedFiles> {
  const drafts = new Drafts();
  const all: Root[] = [];
  for (const file of named) {
    const root = await rootOf(file, params, drafts);
    if (!all.some((it) => it.place === root.place)) all.push(root);
  }
  const roots = all.filter((root) => !isPart(root, all));
  const files = new Map<string, FixedFile>();
  for (const root of all) {
    if (!files.has(root.place)) files.set(root.place, unchanged(root.subject));
    if (roots.includes(root) && root.start.diagnostics.some(isFixable)) fixRoot(root, roots, drafts, files);
  }
  const isSame = [...files.values()].every(({ before, after }) => before === after);
  if (write) drafts.write();
  const left = roots.map((root) => ({ ...root, now: isSame ? root.start : analyse(root.request) }));
  return { files: [...files.values()], left: tellLeft(left, terminal) };
}

async function rootOf(file: string, params: Subject["params"], drafts: Drafts): Promise<Root> {
  const own = subjectOfFile(file, params);
  const subject = { ...own, files: drafts.over(own) };
  const request = await languageRequestOf(subject);
  const { diagnostics, reads } = analyse(request);
  return {
    subject,
    request,
    place: placeOf(subject.path, subject),
    start: { diagnostics },
    reads: new Set(reads.map((it) => placeOf(it, subject))),
  };
}

/** A file without an appliance that another description uses is looked at as a part of that one. */
const isPart = ({ subject, place }: Root, roots: readonly Root[]): boolean =>
  !hasAppliance(subject) && roots.some((it) => hasAppliance(it.subject) && it.reads.has(place));

const isFixable = ({ helps }: Diagnostic): boolean => helps.some(({ edit }) => edit?.safe === true);

const textOf = ({ files, path }: Subject): string => new TextDecoder().decode(files.read(path));

const hasAppliance = (subject: Subject): boolean => outline(textOf(subject)).appliances.length > 0;

function unchanged(subject: Subject): FixedFile {
  const text = textOf(subject);
  return { file: subject.reference.file, before: text, after: text, fixes: [] };
}

function fixRoot(root: Root, roots: readonly Root[], drafts: Drafts, files: Map<string, FixedFile>): void {
  const { subject, request } = root;
  const start = analyse(request);
  const placed = (texts: ReadonlyMap<string, string>) =>
    new Map([...texts].map(([source, text]) => [placeOf(source, subject), text]));
  const { fixes, texts } = fix(start, {
    imagine: (changed) => drafts.during(placed(changed), () => analyse(request)),
    mayChange: (source) => packageAround(source) === undefined,
    harmsOthers(changed) {
      const places = placed(changed);
      const others = roots.filter(
        (it) => it !== root && [...places.keys()].some((place) => it.reads.has(place)),
      );
      return drafts.during(places, () => others.some((it) => worse(it.start, analyse(it.request), [])));
    },
  });
  for (const [source, text] of texts) {
    const file = shownPath(source, subject);
    const place = placeOf(source, subject);
    const was = start.unit(source)!.source;
    const known = files.get(place);
    const made = fixes
      .filter(({ edit }) => edit.span.source === source)
      .map(({ code, help, edit: { span, text: replacement } }) => {
        const before = was.text.slice(span.start, span.end);
        return { code, help, ...was.position(span.start), before, replacement };
      });
    files.set(place, {
      file: known?.file ?? file,
      before: known?.before ?? was.text,
      after: text,
      fixes: [...(known?.fixes ?? []), ...made],
    });
    drafts.keep(place, file, text);
  }
}

/** Prints what is wrong, each thing once. To have no appliance is no fault of a file that was named to be fixed. */
function tellLeft(
  roots: readonly (Root & { readonly now: Root["start"] })[],
  terminal: Terminal,
): FixedFiles["left"] {
  const left = new Map<string, FixedFiles["left"][number]>();
  for (const { subject, now } of roots) {
    const isWhole = hasAppliance(subject);
    const fresh: Diagnostic[] = [];
    for (const each of now.diagnostics) {
      if (each.code === "E0116" && !isWhole) continue;
      const [shown] = jsonDiagnostics([each], subject);
      const key = JSON.stringify(shown);
      if (left.has(key)) continue;
      left.set(key, shown!);
      fresh.push(each);
    }
    printDiagnostics(fresh, subject, terminal);
  }
  return [...left.values()];
}
