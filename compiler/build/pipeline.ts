/** The steps of a build, from the description's text to the image's bytes. */
import { type Counter, type Diagnostic, inOrder } from "#lang";
import { wire } from "../assemble/wiring.ts";
import { resolve } from "../resolve/resolve.ts";
import { noCode, type Unwritten, unwritten } from "../resolve/unwritten.ts";
import type { Store } from "../store/store.ts";
import type { BuildRequest, Built, Steps } from "./build.ts";
import { codeFor } from "./code.ts";
import { configured, type Front } from "./configured.ts";
import { reportDiagnostics } from "./diagnostics.ts";
import { imageFor } from "./image.ts";
import { programFor } from "./program.ts";
import { snapshotFor } from "./snapshot.ts";

export interface Anew {
  readonly diagnostics: readonly Diagnostic[];
  readonly built: Built | undefined;
  /** What is asked for and has no code yet; nothing can be prepared then. */
  readonly unwritten: readonly Unwritten[];
  readonly counters: readonly Counter[];
}

export async function buildAnew(request: BuildRequest, store: Store, steps: Steps): Promise<Anew> {
  const front = steps.time("configure", () => configured(request));
  return { ...(await buildFrom(front, request, store, steps)), counters: front.counters };
}

async function buildFrom(
  front: Front,
  request: BuildRequest,
  store: Store,
  steps: Steps,
): Promise<Omit<Anew, "counters">> {
  const { backend } = request;
  const { configuration, diagnostics } = front;
  if (configuration === undefined || failed(diagnostics))
    return { diagnostics, built: undefined, unwritten: [] };
  const resolution = resolve(configuration, { roots: backend.roots, defaults: front.defaults });
  if ("diagnostics" in resolution)
    return {
      diagnostics: inOrder([...diagnostics, ...resolution.diagnostics]),
      built: undefined,
      unwritten: [],
    };
  const { plan } = resolution;
  const missing = unwritten(plan);
  if (missing.length > 0) {
    const errors = request.goal === "check" ? [] : missing.map((each) => noCode(each, plan.target));
    return { diagnostics: inOrder([...diagnostics, ...errors]), built: undefined, unwritten: missing };
  }
  const wiring = wire(plan);
  const program = await programFor(wiring, request, store, steps);
  const prepared = await snapshotFor(plan, wiring, program, request, store, steps);
  const all = inOrder([...diagnostics, ...reportDiagnostics(prepared, request)]);
  if (prepared.snapshot === undefined || failed(all) || request.goal === "check")
    return { diagnostics: all, built: undefined, unwritten: [] };
  const code = await codeFor(program, backend, store, steps);
  const snapshot = prepared.snapshot;
  const built = await imageFor(
    { plan, wiring, program, code, snapshot, prepared, diagnostics: all },
    request,
    store,
    steps,
  );
  return { diagnostics: all, built, unwritten: [] };
}

const failed = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");
