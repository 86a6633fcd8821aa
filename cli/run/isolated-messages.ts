/** What the command and its child in the namespace say to each other. */
import type { IsolatedRun } from "#backends";

/** To the child: one of these, then a `Door` with a socket for each published port, then nothing more. */
export interface Begin {
  readonly image: string;
  readonly ways: readonly IsolatedRun[];
  readonly guest: string | undefined;
  /** How many doors follow. */
  readonly doors: number;
}

export interface Door {
  /** The appliance's port that the socket is for. */
  readonly port: number;
  readonly protocol: "udp" | "tcp";
}

/** From the child. What is wrong is one line, and what helps. */
export type Said =
  | { readonly kind: "here" }
  | { readonly kind: "started" }
  | { readonly kind: "refused"; readonly message: string; readonly help: string }
  | { readonly kind: "ended"; readonly code: number | null; readonly signal: string | null };
