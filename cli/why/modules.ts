/** The modules of an image with what they cost: measured if it can be built, else as the libraries estimate. */
import type { z } from "zod";
import type { ModuleReport, Planned, SizedModule } from "#compiler";
import type { diagnostic } from "../json.ts";
import {
  buildSubject,
  jsonDiagnostics,
  planSubject,
  printDiagnostics,
  type Subject,
  shownPath,
} from "../session.ts";
import type { Terminal } from "../terminal.ts";

export interface Costed {
  /** `ns1@kvm`. */
  readonly name: string;
  readonly modules: readonly ModuleReport[];
  /** Bytes of code, and of prepared memory. */
  readonly image: readonly SizedModule[];
  readonly memory: readonly SizedModule[];
  /** False: it has not been built, since there is no code for all of it. */
  readonly measured: boolean;
}

export interface Found<T> {
  /** Undefined if the description is wrong, which has been said. */
  readonly found: T | undefined;
  readonly diagnostics: z.output<typeof diagnostic>[];
}

export async function costedModules(subject: Subject, terminal: Terminal): Promise<Found<Costed>> {
  const { diagnostics, built } = await buildSubject(subject, terminal);
  if (built === undefined) return estimated(subject, terminal);
  printDiagnostics(diagnostics, subject, terminal);
  const { appliance, target, modules, sizes } = built.report;
  const found = {
    name: `${appliance}@${target}`,
    modules: withShownPlaces(modules, subject),
    image: sizes.code,
    memory: sizes.memory,
    measured: true,
  };
  return { found, diagnostics: jsonDiagnostics(diagnostics, subject) };
}

async function estimated(subject: Subject, terminal: Terminal): Promise<Found<Costed>> {
  const { found: planned, diagnostics } = await plannedOf(subject, terminal);
  if (planned === undefined) return { found: undefined, diagnostics };
  const { appliance, target, modules, estimates } = planned;
  const found = {
    name: `${appliance}@${target}`,
    modules: withShownPlaces(modules, subject),
    image: estimates.image,
    memory: estimates.memory,
    measured: false,
  };
  return { found, diagnostics };
}

export async function plannedOf(subject: Subject, terminal: Terminal): Promise<Found<Planned>> {
  const { diagnostics, planned } = await planSubject(subject);
  printDiagnostics(diagnostics, subject, terminal);
  return { found: planned, diagnostics: jsonDiagnostics(diagnostics, subject) };
}

function withShownPlaces(modules: readonly ModuleReport[], subject: Subject): readonly ModuleReport[] {
  const shown = <P extends { readonly file: string }>(place: P | undefined): P | undefined =>
    place && { ...place, file: shownPath(place.file, subject) };
  return modules.map((module) => ({
    ...module,
    reasons: module.reasons.map(({ place, part, ...rest }) => ({
      ...rest,
      place: shown(place),
      part: part && {
        ...part,
        place: shown(part.place),
        asked: part.asked && { ...part.asked, place: shown(part.asked.place) },
      },
    })),
  }));
}
