/** A cause while it is found out what followed from it. */
import type { Place, SettingPlace } from "../build/report.ts";
import type { Cause, CauseKind, Change, Detail, PatchLine, Shown } from "./difference.ts";
import { compareText } from "./walk.ts";

export interface CauseDraft {
  readonly kind: CauseKind;
  readonly what: string;
  readonly change: Change;
  readonly from?: Shown | undefined;
  readonly to?: Shown | undefined;
  readonly places: { readonly a?: Place | undefined; readonly b?: Place | undefined };
  readonly also: string[];
  readonly details: Detail[];
  readonly patch: readonly PatchLine[];
  readonly consequences: Detail[];
  /** The module that it is about, for finding what followed. */
  readonly module: string | undefined;
}

type Given = Pick<CauseDraft, "kind" | "what" | "change"> & Partial<CauseDraft>;

export const cause = (given: Given): CauseDraft => ({
  places: {},
  also: [],
  details: [],
  patch: [],
  consequences: [],
  module: undefined,
  ...given,
});

/** What the report of a side says of its settings. */
export type PlacesByPath = ReadonlyMap<string, SettingPlace>;

export const changeOf = (a: unknown, b: unknown): Change =>
  a === undefined ? "added" : b === undefined ? "removed" : "changed";

const order: readonly CauseKind[] = [
  "appliance",
  "target",
  "board",
  "param",
  "setting",
  "block",
  "order",
  "part",
  "need",
  "file",
  "secret",
  "module",
  "library",
  "toolchain",
];

/** In an order that does not depend on which side is the first. */
export const byKind = (a: CauseDraft, b: CauseDraft): number =>
  order.indexOf(a.kind) - order.indexOf(b.kind) || compareText(a.what, b.what);

export const finished = (drafts: readonly CauseDraft[]): Cause[] =>
  drafts.toSorted(byKind).map(({ module: _, ...rest }) => ({
    ...rest,
    consequences: rest.consequences.toSorted((a, b) => compareText(a.what, b.what)),
  }));
