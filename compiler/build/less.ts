/** What would make an image fit: settings are tried, and what comes of them is measured. Only done when one does not fit. */
import type { Configuration, Diagnostic } from "#lang";
import { type Change, changesOf, type Step } from "../budget/changes.ts";
import { type Excess, excesses, type Less, tooLarge } from "../budget/image.ts";
import { resolve } from "../resolve/resolve.ts";
import { rootsOf } from "../resolve/roots.ts";
import type { Store } from "../store/store.ts";
import type { Built, Job, Steps } from "./build.ts";
import { defaultsOf } from "./configured.ts";
import { builtFrom, readyFor } from "./made.ts";
import { lackingOn } from "./maker.ts";

/** Switches that are tried, each with a program of its own; numbers that are tried; what is shown. */
const MOST_SWITCHES = 3;
const MOST_NUMBERS = 12;
const SHOWN = 3;
/** Less is not worth mentioning. */
const LEAST_SAVED = 2048n;

/** Why an image is refused, if it is. */
export async function tooLargeFor(
  configuration: Configuration,
  { image, report }: Built,
  job: Job,
  store: Store,
  steps: Steps,
): Promise<readonly Diagnostic[]> {
  const over = excesses(configuration, image, report.demands);
  if (over.length === 0) return [];
  const trial = new Trial(configuration, job, store, steps.aside());
  const found: Diagnostic[] = [];
  for (const excess of over)
    found.push(
      tooLarge(configuration, excess, report.sizes, await lessOf(configuration, excess, report, trial)),
    );
  return found;
}

/** Those that are enough, before all what takes the least away; if none is, those that save most. */
async function lessOf(
  configuration: Configuration,
  excess: Excess,
  { sizes }: Built["report"],
  trial: Trial,
): Promise<readonly Less[]> {
  const share = (module: string) =>
    (excess.of === "ram" ? sizes.memory : sizes.code).find(({ name }) => name === module)?.bytes ?? 0;
  const changes = changesOf(configuration).toSorted((a, b) => share(b.module) - share(a.module));
  const switches = changes.filter(({ isOfCode }) => isOfCode).slice(0, MOST_SWITCHES);
  // Flash memory has code and files: of numbers it is not full.
  const numbers =
    excess.of === "ram" ? changes.filter(({ isOfCode }) => !isOfCode).slice(0, MOST_NUMBERS) : [];
  const found: Less[] = [];
  for (const change of [...numbers, ...switches]) {
    const less = await tried(change, excess, trial);
    if (less !== undefined) found.push(less);
  }
  const fits = found.filter(({ over }) => over <= 0n);
  if (fits.length > 0) return fits.toSorted((a, b) => Number(b.left - a.left)).slice(0, SHOWN);
  return found.toSorted((a, b) => Number(a.left - b.left)).slice(0, SHOWN);
}

/** The first step that fits; else the last one, if it saves anything. */
async function tried(
  { steps }: Change,
  { of, size, budget }: Excess,
  trial: Trial,
): Promise<Less | undefined> {
  const measured = async ({ text, changed }: Step): Promise<Less | undefined> => {
    const left = await trial.measure(changed, of);
    return left === undefined ? undefined : { setting: `with \`${text}\``, left, over: left - budget };
  };
  const last = await measured(steps.at(-1)!);
  if (last === undefined || size - last.left < LEAST_SAVED) return undefined;
  if (last.over > 0n) return last;
  for (const step of steps.slice(0, -1)) {
    const less = await measured(step);
    if (less !== undefined && less.over <= 0n) return less;
  }
  return last;
}

/** Builds what is never written anywhere. */
class Trial {
  readonly #defaults: ReturnType<typeof defaultsOf>;
  readonly #job: Job;
  readonly #store: Store;
  readonly #steps: Steps;

  /** What modules without a block have follows from the configuration as it is. */
  constructor(configuration: Configuration, job: Job, store: Store, steps: Steps) {
    this.#defaults = defaultsOf(configuration);
    this.#job = job;
    this.#store = store;
    this.#steps = steps;
  }

  /** Bytes; undefined if it cannot be built so. */
  async measure(configuration: Configuration, of: Excess["of"]): Promise<bigint | undefined> {
    const job = this.#job;
    const [store, steps] = [this.#store, this.#steps];
    const { backend } = job;
    const resolution = resolve(configuration, {
      roots: rootsOf(configuration, backend),
      defaults: this.#defaults,
      without: lackingOn(configuration.machine, backend),
    });
    if ("diagnostics" in resolution) return undefined;
    const ready = await readyFor(resolution.plan, job, store, steps);
    const built = await builtFrom(ready, [], job, store, steps);
    if (built === undefined) return undefined;
    const { image, report } = built;
    return of === "image" ? BigInt(image.length) : report.demands && BigInt(report.demands[of].used);
  }
}
