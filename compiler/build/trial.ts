/** What a test's `simulate` block has shown to be otherwise. The simulation itself is not the compiler's: whoever asked carries it out. */
import { type Diagnostic, fill, kind, type Span } from "#lang";

export const trialKind = kind<{
  /** `"ping ns1" is not answered`. */
  readonly what: string;
  /** What came instead, in short. */
  readonly found: string;
  readonly help: string | undefined;
  /** Undefined: it has nothing to do with chance. */
  readonly seed: number | undefined;
}>({
  title: "A simulation went otherwise",
  text: ({ what, seed }) => (seed === undefined ? what : `${what}, with seed ${seed}`),
  label: ({ found }) => found,
  help: ({ help }) => help,
});

export const trialFailed = (span: Span, data: Parameters<typeof trialKind.text>[0]): Diagnostic =>
  fill("E0705", trialKind, span, data);
