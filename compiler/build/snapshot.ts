/** Program, settings and files → snapshot. Runs again whenever a setting or a file has changed. */
import type { Span } from "#lang";
import { encodeSettings, FileTable, Positions } from "../assemble/encode.ts";
import { folderOf, joined, relative } from "../assemble/paths.ts";
import { type PreparedFile, type Report, runPrepare } from "../assemble/prepare.ts";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "../assemble/snapshot.ts";
import type { Wiring } from "../assemble/wiring.ts";
import type { Plan } from "../resolve/plan.ts";
import { canonical, type Json } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { BuildRequest, Steps } from "./build.ts";
import type { Program } from "./program.ts";
import { ownerOf, type SizedModule, summed } from "./sizes.ts";

export interface Prepared {
  readonly reports: readonly Report[];
  /** What the numbers of positions mean. */
  readonly spans: readonly (Span | undefined)[];
  /** Undefined after an error. */
  readonly snapshot:
    | {
        readonly digest: Digest;
        readonly value: Snapshot;
        /** As images are told (`ImageParts`). */
        readonly used: number;
        readonly constants: Uint8Array;
      }
    | undefined;
  /** Bytes of prepared memory by module, the largest first. */
  readonly memory: readonly SizedModule[];
  /** Those that settings name and those that files name, in order of their paths from the description's folder. */
  readonly files: readonly PreparedFile[];
  readonly trees: FileTable["trees"];
}

export async function snapshotFor(
  plan: Plan,
  wiring: Wiring,
  program: Program,
  request: BuildRequest,
  store: Store,
  steps: Steps,
): Promise<Prepared> {
  const folder = folderOf(request.path);
  const tables = { positions: new Positions(), files: new FileTable((path) => relative(folder, path)) };
  const settings = wiring.prepared.map(({ module, instance }) => {
    const { use } = plan.modules.find((planned) => planned.module.path === module)!;
    return encodeSettings(use.module, use.instances[instance]!, tables, instance);
  });
  const files = tables.files.files;
  const fileDigests = Object.fromEntries(files.map(({ path, bytes }) => [path, store.digest(bytes)]));
  const inputs = {
    program: program.program.digest,
    facts: program.factsDigest,
    settings: settings.map((bytes) => store.digest(bytes)),
    files: files.map(({ path }) => [path, fileDigests[path]!]),
  };
  const included = new Included(store, inputs, (path) => request.files.read(joined(folder, path)));
  const outputs = await steps.action("snapshot", () =>
    included.settle((includes) =>
      store.action("snapshot", { ...inputs, includes }, () =>
        included.once(async () => {
          const outcome = await runPrepare({
            program: program.program.bytes(),
            facts: program.facts,
            settings,
            files,
            include: (from, path) => included.open(joined(folderOf(from), path)),
          });
          return {
            reports: new TextEncoder().encode(JSON.stringify(outcome.reports)),
            snapshot: outcome.snapshot === undefined ? new Uint8Array(0) : encodeSnapshot(outcome.snapshot),
            memory: canonical(outcome.memory),
            used: canonical(outcome.used),
            constants: outcome.constants,
          };
        }),
      ),
    ),
  );
  const bytes = outputs.snapshot.bytes();
  return {
    reports: JSON.parse(new TextDecoder().decode(outputs.reports.bytes())) as Report[],
    spans: tables.positions.spans,
    snapshot:
      bytes.length === 0
        ? undefined
        : {
            digest: outputs.snapshot.digest,
            value: decodeSnapshot(bytes),
            used: JSON.parse(new TextDecoder().decode(outputs.used.bytes())) as number,
            constants: outputs.constants.bytes(),
          },
    memory: memoryByModule(JSON.parse(new TextDecoder().decode(outputs.memory.bytes())), wiring),
    files: allFiles([...files, ...included.files()]),
    trees: tables.files.trees.map(({ path, objects }) => ({ path: joined("", path), objects })),
  };
}

/** What set-up has made for the settings of a module is the module's, also when another one has made it. */
function memoryByModule(
  rows: readonly (readonly [owner: string, bytes: number])[],
  wiring: Wiring,
): SizedModule[] {
  const named = rows.map(([owner, bytes]) => {
    const settings = /^prepare:(\d+)$/.exec(owner);
    const module = settings && wiring.prepared[Number(settings[1])]?.module;
    const source = owner.startsWith("start:") ? ownerOf(owner, wiring.owners) : undefined;
    return { name: module ?? source ?? "constants", bytes };
  });
  return summed(named);
}

function allFiles(files: readonly PreparedFile[]): readonly PreparedFile[] {
  const found = new Map(files.map(({ path, bytes }) => [path.replace(/^\.\//, ""), bytes]));
  return [...found].map(([path, bytes]) => ({ path, bytes })).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

type Includes = readonly (readonly [path: string, digest: string])[];
type Result = Readonly<Record<"reports" | "snapshot" | "memory" | "used" | "constants", Uint8Array>>;

/**
 * Files that other files name: they are inputs too, but only `prepare` finds out which they are. So the last list is remembered, in the order
 * in which they were asked for: up to the first one that has changed they will be asked for again, and what follows is not certain.
 */
class Included {
  readonly #store: Store;
  readonly #key: { readonly [key: string]: Json };
  readonly #read: (path: string) => Uint8Array | undefined;
  readonly #opened = new Map<string, Uint8Array | undefined>();
  #result: Result | undefined;

  constructor(
    store: Store,
    inputs: { readonly [key: string]: Json },
    read: (path: string) => Uint8Array | undefined,
  ) {
    this.#store = store;
    this.#key = { includes: inputs };
    this.#read = read;
  }

  open(path: string): PreparedFile | undefined {
    if (!this.#opened.has(path)) this.#opened.set(path, this.#read(path));
    const bytes = this.#opened.get(path);
    return bytes && { path, bytes };
  }

  files(): readonly PreparedFile[] {
    return [...this.#opened].flatMap(([path, bytes]) => (bytes === undefined ? [] : [{ path, bytes }]));
  }

  async once(run: () => Promise<Result>): Promise<Result> {
    this.#result ??= await run();
    return this.#result;
  }

  async settle<T>(act: (includes: Includes) => Promise<T>): Promise<T> {
    const known = (this.#store.index(this.#key) ?? []) as Includes;
    for (const [path, digest] of known) {
      this.open(path);
      if (this.#digest(path) !== digest) break;
    }
    const assumed = this.#list();
    const outputs = await act(assumed);
    const actual = this.#list();
    if (JSON.stringify(actual) === JSON.stringify(assumed)) return outputs;
    this.#store.remember(
      this.#key,
      [...this.#opened.keys()].map((path) => [path, this.#digest(path)]),
    );
    return await act(actual);
  }

  #list(): Includes {
    return [...this.#opened.keys()]
      .map((path): [string, string] => [path, this.#digest(path)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  #digest(path: string): string {
    const bytes = this.#opened.get(path);
    return bytes === undefined ? "" : this.#store.digest(bytes);
  }
}
