/** Compiling in several threads: who has them is outside of here. */
import { type IsaName, isas } from "./isa/index.ts";
import type { Section } from "./object/section.ts";
import { Unit } from "./unit.ts";

/** Functions of a valid module, in the order in which they are to be begun. */
export interface Job {
  readonly wasm: Uint8Array;
  readonly isa: IsaName;
  readonly order: readonly { readonly index: number; readonly bytes: number }[];
}

export interface Crew {
  /** Undefined if it would not be worth it. */
  begin(job: Job): Shift | undefined;
}

/** A job at work. Every function is for one: whoever asks next. */
export interface Shift {
  next(): number | undefined;
  /** What the others have done, when they are at the end. What they could not do is not in it. */
  others(): Promise<readonly Compiled[]>;
}

export interface Compiled {
  readonly index: number;
  readonly sections: readonly Section[];
}

/** What a member of the crew does: `next` until there is no more. */
export function workOff({ wasm, isa }: Pick<Job, "wasm" | "isa">, next: Shift["next"]): Compiled[] {
  const unit = Unit.of(wasm, isas[isa]);
  const done: Compiled[] = [];
  for (let index = next(); index !== undefined; index = next())
    try {
      done.push({ index, sections: unit.compile(index) });
    } catch {} // It is done again by who can say what is wrong.
  return done;
}
