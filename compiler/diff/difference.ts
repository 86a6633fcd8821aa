/** What a comparison says: causes in the user's own terms, with what follows from each, as plain data. */
import type { Place } from "../build/report.ts";
import type { Digest } from "../store/digest.ts";

export type Change = "added" | "removed" | "changed";

/** A value as text, a list item by item, or a number of bytes. */
export type Shown = string | number | readonly string[];

/** One thing that is not the same; `from` is what it was on the first side. */
export interface Detail {
  /** `option ttl`, `code`, `part axfr`. */
  readonly what: string;
  readonly change: Change;
  readonly from?: Shown | undefined;
  readonly to?: Shown | undefined;
}

export type CauseKind =
  /** The two are different appliances. */
  | "appliance"
  | "target"
  | "board"
  | "toolchain"
  | "param"
  | "secret"
  | "setting"
  /** A block of the description, with all that is in it. */
  | "block"
  /** The same blocks in another order, where that counts. */
  | "order"
  | "file"
  /** A module or a library is another one than it was. */
  | "library"
  | "part"
  | "module"
  | "need";

export interface Cause extends Detail {
  readonly kind: CauseKind;
  /** Where it is said, on each side. */
  readonly places: { readonly a?: Place | undefined; readonly b?: Place | undefined };
  /** Other settings that changed by the same words: all of them read one `let`. */
  readonly also: readonly string[];
  /** The cause itself, closer. */
  readonly details: readonly Detail[];
  /** Lines of a text file. */
  readonly patch: readonly PatchLine[];
  /** What followed from it. */
  readonly consequences: readonly Detail[];
}

export interface PatchLine {
  /** `…`: equal lines are left out here. */
  readonly sign: "+" | "-" | " " | "…";
  readonly text: string;
}

export interface Side {
  readonly appliance: string | undefined;
  readonly target: string | undefined;
  readonly recipe: Digest | undefined;
  readonly contents: Digest | undefined;
  readonly image: Digest | undefined;
  readonly size: number | undefined;
}

export interface Difference {
  /** `same bytes`: other recipes, one image. `unexplained`: a recipe is missing, so causes cannot be given. */
  readonly verdict: "identical" | "same bytes" | "different" | "unexplained";
  readonly a: Side;
  readonly b: Side;
  readonly causes: readonly Cause[];
  /** Parts of the image that are not equal: `code`, `data`, `frame`. */
  readonly sections: readonly string[];
  /** How many of each are the same on both sides. */
  readonly same: readonly { readonly what: string; readonly count: number }[];
  /** Modules whose code has another size or other functions. */
  readonly code: readonly CodeChange[];
}

export interface CodeChange {
  readonly module: string;
  readonly from: number;
  readonly to: number;
  readonly functions: readonly Detail[];
}

const other: Readonly<Record<Change, Change>> = { added: "removed", removed: "added", changed: "changed" };

/** The same difference seen from the other side. */
export function mirrored(difference: Difference): Difference {
  return {
    ...difference,
    a: difference.b,
    b: difference.a,
    causes: difference.causes.map((cause) => ({
      ...cause,
      ...turned(cause),
      places: { a: cause.places.b, b: cause.places.a },
      details: cause.details.map(turned),
      patch: turnedPatch(cause.patch),
      consequences: cause.consequences.map(turned),
    })),
    code: difference.code.map(({ module, from, to, functions }) => ({
      module,
      from: to,
      to: from,
      functions: functions.map(turned),
    })),
  };
}

function turned<D extends Detail>(detail: D): D {
  return { ...detail, change: other[detail.change], from: detail.to, to: detail.from };
}

/** Removed lines stand before added ones. */
export function turnedPatch(patch: readonly PatchLine[]): PatchLine[] {
  const out: PatchLine[] = [];
  let added: PatchLine[] = [];
  const flush = () => {
    out.push(...added);
    added = [];
  };
  for (const line of patch) {
    if (line.sign === "+") out.push({ ...line, sign: "-" });
    else if (line.sign === "-") added.push({ ...line, sign: "+" });
    else {
      flush();
      out.push(line);
    }
  }
  flush();
  return out;
}
