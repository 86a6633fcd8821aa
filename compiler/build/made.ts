/** A plan → an image: the steps behind resolution, which a build and a trial of other settings both take. */
import type { Diagnostic } from "#lang";
import { wire } from "../assemble/wiring.ts";
import type { Plan } from "../resolve/plan.ts";
import type { Store } from "../store/store.ts";
import type { Built, Job, Steps } from "./build.ts";
import { codeFor } from "./code.ts";
import { imageFor, type Made } from "./image.ts";
import { isaOf } from "./isa.ts";
import { knownMachine } from "./maker.ts";
import { programFor } from "./program.ts";
import { snapshotFor } from "./snapshot.ts";

/** A program whose `prepare` has run. */
export type Ready = Pick<Made, "plan" | "wiring" | "program" | "prepared">;

export async function readyFor(plan: Plan, job: Job, store: Store, steps: Steps): Promise<Ready> {
  const wiring = wire(plan, knownMachine(plan.machine, job.backend));
  const program = await programFor(wiring, job, store, steps);
  const prepared = await snapshotFor(plan, wiring, program, job, store, steps);
  return { plan, wiring, program, prepared };
}

/** Undefined if `prepare` left nothing to make an image of. */
export async function builtFrom(
  ready: Ready,
  diagnostics: readonly Diagnostic[],
  job: Job,
  store: Store,
  steps: Steps,
): Promise<Built | undefined> {
  const { plan, program, prepared } = ready;
  const { snapshot } = prepared;
  if (snapshot === undefined) return undefined;
  const code = await codeFor(program, isaOf(job.backend, plan), job.edges, store, steps);
  return imageFor({ ...ready, code, snapshot, diagnostics }, job, store, steps);
}
