/**
 * A description → an image, in steps that are done only when what goes into them has changed:
 *
 *   configure ─▶ plan ─▶ program (AssemblyScript, Binaryen) ─▶ code (machine code)
 *                  └──────────────────┴─▶ snapshot (prepare) ─────┴─▶ image
 *
 * When no file has changed since the last build of the same thing, none of it is done, and nothing large is loaded.
 */
import type { Crew } from "#codegen";
import type { Counter, Day, Diagnostic, Files, Request } from "#lang";
import type { Assembler } from "../assemble/assembler.ts";
import type { Unwritten } from "../resolve/unwritten.ts";
import type { Blobs } from "../store/blobs.ts";
import type { Digest, Sha256 } from "../store/digest.ts";
import { Store } from "../store/store.ts";
import type { ImageMaker } from "./backend.ts";
import { rememberBuild } from "./known.ts";
import type { SourceFile } from "./origin.ts";
import { RecordingFiles } from "./recording-files.ts";
import type { BuildReport } from "./report.ts";

export interface BuildRequest {
  /** The description, as `files` knows it. */
  readonly path: string;
  /** Tells descriptions of the same name in several folders apart, so that each one's last build is known; reaches no output. */
  readonly origin?: string | undefined;
  /** Which of its appliances; it may be left out if there is one. */
  readonly appliance?: string | undefined;
  /** A target of the description, or the name of a backend; without it the description's own if it has one, else the first backend. */
  readonly target?: string | undefined;
  /** Values for params, as written on a command line. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** See the language's request. */
  readonly startsMachines?: boolean | undefined;
  readonly backends: readonly ImageMaker[];
  /** Nothing may differ from `appl.lock`. */
  readonly locked?: boolean | undefined;
  /** With a day, numbers that `appl.lock` keeps count on where they have to; whoever gives it writes `counters` into the lock. */
  readonly day?: Day | undefined;
  /** The user's files. */
  readonly files: Files;
  /** The standard library and the backends', by paths like `stdlib/dns/dns.appl`. */
  readonly libraries: Files;
  /** Every `.appl` file among them: where boards are found, and for suggestions. */
  readonly libraryFiles?: () => readonly string[];
  /** Who knows the trees of libraries already. */
  readonly parsed?: Request["parsed"];
  readonly edges: Edges;
}

/** A request of which it is known who makes the image. */
export interface Job extends BuildRequest {
  readonly backend: ImageMaker;
}

/** What the outside does for a build. */
export interface Edges {
  readonly assembler: Assembler;
  readonly blobs: Blobs;
  /** Threads that make machine code with us. */
  readonly crew?: Crew | undefined;
  /** Digest of the compiler itself. */
  readonly tool: string;
  /** Of the compiler and the tools that it uses, by name: for people who ask why an image has changed. */
  readonly versions?: Readonly<Record<string, string>>;
  /** A faster one than ours. */
  readonly sha256?: Sha256;
  /** Milliseconds of any origin; they are shown and reach nothing else. */
  readonly clock?: () => number;
  /** Called when a step that takes time begins. */
  readonly onStep?: (step: string) => void;
  /** Called when an object of the store is not what its name says; it is made again. */
  readonly onDamage?: (object: Digest) => void;
}

export interface BuildResult {
  /** In order of place. With an error among them there is no image. */
  readonly diagnostics: readonly Diagnostic[];
  readonly built: Finished | undefined;
  /** What the description asks for and nobody has written yet: no error for `check`, and no image. */
  readonly unwritten: readonly Unwritten[];
  readonly steps: readonly StepTime[];
  /** Numbers that `appl.lock` keeps, as it should have them now; none if the build was known. */
  readonly counters: readonly Counter[];
}

export interface Built {
  readonly image: Uint8Array;
  readonly report: BuildReport;
}

/** What was built, and what it was built from. */
export interface Finished extends Built {
  /** Bytes of the documents that its digests name. */
  readonly documents: Readonly<Record<"recipe" | "manifest", Uint8Array>>;
  /** What was read, in order of path. */
  readonly sources: Readonly<Record<"user" | "library", readonly SourceFile[]>>;
}

export interface StepTime {
  readonly step: string;
  /** False: the result was known. */
  readonly done: boolean;
  readonly ms: number;
  /** Of machine code: functions that were compiled, and all. */
  readonly functions?: Compiled;
}

export interface Compiled {
  readonly compiled: number;
  readonly all: number;
}

/** Mistakes of the description are in the result; what is thrown is our own. */
export async function build(request: BuildRequest): Promise<BuildResult> {
  const steps = new Steps(request.edges);
  const store = openedStore(request, steps);
  const looked = recorded(request);
  // What was built before was not held against the lock.
  const known =
    request.locked === true
      ? undefined
      : steps.time("look", () => new Origin(store, request, looked).recall());
  if (known !== undefined) {
    const { diagnostics } = known.report;
    return { diagnostics, built: known, unwritten: [], counters: [], steps: steps.all };
  }
  const { buildAnew } = await import("./pipeline.ts");
  // What was looked at because it was read once need not be read now: that is taken down anew.
  const used = recorded(looked);
  const result = await buildAnew({ ...request, ...used }, store, steps);
  const origin = new Origin(store, request, used);
  // A number that the lock does not have yet follows from no file.
  const isSettled = !result.counters.some(({ changed }) => changed);
  if (result.built !== undefined) origin.remember(result.built.report, isSettled);
  const built = result.built && origin.finished(result.built);
  if (built === undefined && result.built !== undefined)
    throw new Error("BUG: an image without its documents");
  return { ...result, built, steps: steps.all };
}

interface Recorded {
  readonly files: RecordingFiles;
  readonly libraries: RecordingFiles;
}

const recorded = ({ files, libraries }: Pick<BuildRequest, "files" | "libraries">): Recorded => ({
  files: new RecordingFiles(files),
  libraries: new RecordingFiles(libraries),
});

/** The store that a request works with; `steps` hears which actions are really done. */
export function openedStore({ edges }: BuildRequest, steps: Steps): Store {
  const { blobs, tool, sha256, onDamage } = edges;
  return new Store({
    blobs,
    tool,
    ...(sha256 && { sha256 }),
    ...(onDamage && { onDamage }),
    onRun: (action) => steps.ran(action),
  });
}

/** What was built last from the same files. */
class Origin {
  readonly #store: Store;
  readonly #key: {
    readonly origin: string;
    readonly appliance: string;
    readonly target: string;
    readonly params: readonly (readonly [string, string])[];
    readonly startsMachines: boolean;
  };
  readonly #sides: readonly (readonly ["user" | "library", RecordingFiles])[];

  constructor(store: Store, request: BuildRequest, { files, libraries }: Recorded) {
    this.#store = store;
    this.#key = {
      origin: request.origin ?? request.path,
      appliance: request.appliance ?? "",
      target: request.target ?? "",
      params: Object.entries(request.params ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      startsMachines: request.startsMachines === true,
    };
    this.#sides = [
      ["user", files],
      ["library", libraries],
    ];
  }

  /** Undefined if its documents are not kept any more. */
  finished({ image, report }: Built): Finished | undefined {
    const [recipe, manifest] = [report.digests.recipe, report.digests.manifest].map((digest) =>
      this.#store.blob(digest),
    );
    if (recipe === undefined || manifest === undefined) return undefined;
    const [user, library] = this.#sides.map(([, files]) =>
      files.all().flatMap(([path, bytes]) => {
        const isFile = bytes !== undefined && !path.endsWith("/");
        return isFile ? [{ path, digest: this.#store.digest(bytes) }] : [];
      }),
    );
    return { image, report, documents: { recipe, manifest }, sources: { user: user!, library: library! } };
  }

  recall(): Finished | undefined {
    const entry = this.#store.index(this.#key) as OriginEntry | undefined;
    if (entry === undefined) return undefined;
    for (const [side, files] of this.#sides)
      for (const [path, digest] of entry[side])
        if (this.#digest(files.content(path)) !== digest) return undefined;
    const bytes = this.#store.blob(entry.report);
    if (bytes === undefined) return undefined;
    const report = JSON.parse(new TextDecoder().decode(bytes)) as BuildReport;
    const image = this.#store.blob(report.digests.image);
    // Without its root a build is not known: it is done again, from what is still there, and kept again.
    return image && this.#store.keepStill(entry.root) ? this.finished({ image, report }) : undefined;
  }

  remember(report: BuildReport, isSettled: boolean): void {
    const [user, library] = this.#sides.map(([, files]) =>
      files.all().map(([path, bytes]) => [path, this.#digest(bytes)]),
    );
    const digest = this.#store.put(new TextEncoder().encode(JSON.stringify(report)));
    rememberBuild(report, digest, this.#store);
    const { appliance, digests } = report;
    const { manifest, recipe } = digests;
    const { origin, target } = this.#key;
    const root = this.#store.keep(
      { origin, appliance, target, recipe },
      { origin, appliance, target, manifest },
    );
    if (isSettled) this.#store.remember(this.#key, { user: user!, library: library!, report: digest, root });
  }

  #digest(bytes: Uint8Array | undefined): string {
    return bytes === undefined ? "" : this.#store.digest(bytes);
  }
}

interface OriginEntry {
  readonly user: readonly (readonly [string, string])[];
  readonly library: readonly (readonly [string, string])[];
  readonly report: Digest;
  readonly root: Digest;
}

/** Keeps the time of each step, and whether it was done or known. */
export class Steps {
  readonly all: StepTime[] = [];
  readonly #clock: () => number;
  readonly #onStep: (step: string) => void;
  readonly #ran = new Set<string>();

  constructor({ clock = () => 0, onStep = () => undefined }: Pick<Edges, "clock" | "onStep">) {
    this.#clock = clock;
    this.#onStep = onStep;
  }

  /** For what nobody is told of. */
  aside(): Steps {
    return new Steps({});
  }

  ran(step: string): void {
    this.#ran.add(step);
  }

  time<T>(step: string, body: () => T): T {
    const start = this.#begin(step);
    const value = body();
    this.#end(step, start, true);
    return value;
  }

  /** An action of the store: done only if its result was not known. */
  async action<T>(step: string, body: () => Promise<T>, functions?: () => Compiled | undefined): Promise<T> {
    const start = this.#begin(step);
    const value = await body();
    this.#end(step, start, this.#ran.delete(step), functions?.());
    return value;
  }

  #begin(step: string): number {
    this.#onStep(step);
    return this.#clock();
  }

  #end(step: string, start: number, done: boolean, functions?: Compiled): void {
    const ms = Math.round(this.#clock() - start);
    this.all.push({ step, done, ms, ...(functions && { functions }) });
  }
}
