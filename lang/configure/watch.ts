/** What an editor keeps of a run besides its diagnostics. */
import type { Recorder } from "../check/recorder.ts";
import type { Draft } from "../evaluate/draft.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import type { RecordValue } from "../values/value.ts";
import type { Board } from "./board.ts";
import type { Checked, CheckedAppliance, Front } from "./front.ts";

/** One appliance on one target, sound or not. */
export interface Evaluated {
  readonly appliance: CheckedAppliance;
  readonly target: string;
  readonly machine: Machine;
  readonly draft: Draft;
  readonly settings: RecordValue;
  readonly board: Board | undefined;
}

export interface Watch extends Recorder {
  /** The texts are loaded and checked; undefined if there is no description. */
  checked(front: Front, checked: Checked | undefined): void;
  /** What is checked is all that is wanted. */
  readonly onlyChecked?: boolean;
  evaluated(one: Evaluated): unknown;
  /** A reference at this place names this block. */
  bound(reference: Span, block: Draft): unknown;
}
