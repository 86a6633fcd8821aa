/** Builds the examples that can be built. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { backends } from "../../backends/index.ts";
import { buildSubject, openStore, type Subject, subjectsOf } from "../../cli/session.ts";
import { recordingTerminal } from "../../cli/terminal.ts";
import { isLackOfBoard, knownBuilds, type Store } from "../../compiler/index.ts";
import type { Golden } from "./digests.ts";

/** No code yet, no backend yet. */
const NOT_YET = ["E0620", "E0621"];

/** By name of appliance and target; of a description without targets, for every backend. */
export async function buildExamples(
  folder: string,
): Promise<{ readonly built: readonly Golden[]; readonly store: Store }> {
  const store = await openStore();
  const built: Golden[] = [];
  for (const subject of descriptionsIn(folder).flatMap(subjects)) {
    const golden = await buildOne(subject, store);
    if (golden !== undefined) built.push(golden);
  }
  return { built, store };
}

const descriptionsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".appl"))
    .toSorted()
    .map((path) => join(folder, path));

function subjects(file: string): readonly Subject[] {
  const all = subjectsOf(file);
  return all[0]!.isDeclared ? all : backends.flatMap(({ name }) => subjectsOf(`${file}@${name}`));
}

async function buildOne(subject: Subject, store: Store): Promise<Golden | undefined> {
  const { diagnostics, built } = await buildSubject(subject, recordingTerminal());
  if (built === undefined) {
    const other = diagnostics.find(
      (each) => each.severity === "error" && !NOT_YET.includes(each.code) && !isLackOfBoard(each),
    );
    if (other !== undefined)
      throw new Error(`${subject.path}@${subject.target}: ${other.code} ${other.text}`);
    return undefined;
  }
  const { appliance, target, digests } = built.report;
  const { contents, image } = digests;
  const known = knownBuilds(contents, store).find(({ manifest }) => manifest === digests.manifest);
  if (known === undefined) throw new Error(`BUG: ${appliance}@${target} was built and is not known`);
  return { name: `${appliance}@${target}`, contents, image, report: known.report };
}
