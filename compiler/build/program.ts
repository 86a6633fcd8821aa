/** Sources → program and runtime. Depends on the set of modules and parts, and on no setting. */
import { type AssembleMistake, ascOptions } from "../assemble/assembler.ts";
import { closure } from "../assemble/closure.ts";
import type { RuntimeFacts } from "../assemble/strip.ts";
import type { Wiring } from "../assemble/wiring.ts";
import type { Digest } from "../store/digest.ts";
import type { Done, Store } from "../store/store.ts";
import type { BuildRequest, Steps } from "./build.ts";

export interface Program {
  readonly program: Done;
  readonly runtime: Done;
  /** The source map of `runtime`; only what is said about an image depends on it. */
  readonly map: Done;
  readonly facts: RuntimeFacts;
  readonly factsDigest: Digest;
  /** Path → digest of every source. */
  readonly sources: Readonly<Record<string, Digest>>;
  readonly texts: Readonly<Record<string, string>>;
}

export async function programFor(
  wiring: Wiring,
  request: BuildRequest,
  store: Store,
  steps: Steps,
): Promise<Program> {
  const { entry, setUp, generated, keep } = wiring;
  const texts = closure(
    [entry, setUp],
    (path) => generated.get(path) ?? textOf(request.libraries.read(path)),
  );
  const sources = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, store.digest(new TextEncoder().encode(text))]),
  );
  const done = await steps.action("program", () =>
    store.action("program", { sources, entry, setUp, keep, options: ascOptions }, async () => {
      const outcome = await request.edges.assembler.assemble({ entry, setUp, sources: texts, keep });
      if (outcome.kind === "refused") throw refused(outcome.mistakes, texts);
      if (outcome.kind === "crashed")
        throw new Error(`BUG: the AssemblyScript compiler crashed\n${outcome.output}`);
      checkFacts(outcome.facts);
      const facts = new TextEncoder().encode(JSON.stringify(outcome.facts));
      const { program, runtime, map } = outcome;
      return { program, runtime, map: new TextEncoder().encode(map), facts };
    }),
  );
  const facts = JSON.parse(textOf(done.facts.bytes())!) as RuntimeFacts;
  const { program, runtime, map } = done;
  return { program, runtime, map, facts, factsDigest: done.facts.digest, sources, texts };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** The library's mistakes: nothing that a description says can cause one. */
function refused(mistakes: readonly AssembleMistake[], texts: Readonly<Record<string, string>>): Error {
  const lines = mistakes.slice(0, 10).map(({ code, text, place }) => {
    if (place === undefined) return `${text} (AS${code})`;
    const before = (texts[place.file] ?? texts[`${place.file}.ts`] ?? "").slice(0, place.start).split("\n");
    return `${place.file}:${before.length}:${before.at(-1)!.length + 1}: ${text} (AS${code})`;
  });
  return new Error(`BUG: the library does not compile\n${lines.join("\n")}`);
}

/** No allocation at run time, and nothing of set-up: see docs/architecture.md section 3. */
function checkFacts({ allocation, imports }: RuntimeFacts): void {
  if (allocation.length > 0)
    throw new Error(`BUG: memory is allocated at run time\n  ${allocation.join("\n  calls ")}`);
  const setUp = imports.filter((name) => name.startsWith("prepare."));
  if (setUp.length > 0) throw new Error(`BUG: run-time code calls ${setUp.join(", ")}`);
}
