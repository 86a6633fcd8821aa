/**
 * The evaluator's state: values of variables, the step counter, and what it may ask of its surroundings.
 *
 * There are no closures and no recursion, so a variable has one value at a time. Work is counted in steps, not in time: a
 * description always passes or always fails.
 */
import type { Core, Variable, WhenCore } from "../check/core.ts";
import { type Code, type DataOf, diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic, Label } from "../diagnostics/diagnostic.ts";
import type { Entry } from "../source/files.ts";
import type { Span } from "../source/span.ts";
import { type Value, weightOf } from "../values/value.ts";
import type { Draft } from "./draft.ts";
import { rules } from "./rules.ts";
import { Stop } from "./stop.ts";

export interface Surroundings {
  report(diagnostic: Diagnostic): void;
  /** Bytes of a file by its whole path. */
  read(path: string): Uint8Array | undefined;
  /** What is in a folder by its whole path. */
  list(path: string): readonly Entry[] | undefined;
  /** For an editor: the reference at this place names this block. */
  readonly bound?: ((reference: Span, block: Draft) => void) | undefined;
  /** The text of a span. */
  textOf(span: Span): string;
  /** `std/dns.appl:31:10`. */
  where(span: Span): string;
  /** What the module behind a need says of itself; undefined if there is no such module or it does not say. */
  fact(interfaceName: string, query: string, args: readonly Value[]): Value | undefined;
  /** An appliance is looked at: facts are its facts from now on. */
  enter?(appliance: Variable): void;
}

export interface Limits {
  readonly steps: number;
  /** Bytes of one value, by `weightOf`. */
  readonly weight: number;
  /** Elements of a range that is gone through. */
  readonly range: number;
  /** Expressions inside of each other, function bodies included. */
  readonly depth: number;
}

export const defaultLimits: Limits = {
  steps: 10_000_000,
  weight: 64 * 1024 * 1024,
  range: 1_000_000,
  depth: 1500,
};

interface Loop {
  readonly span: Span;
  steps: number;
}

export class Machine {
  readonly around: Surroundings;
  readonly limits: Limits;
  readonly values = new Map<Variable, Value>();
  /** Each `when` of a body whose condition did not hold: for those who ask why something is not there. */
  readonly passedOver = new Set<WhenCore>();
  /** Somebody wants to know whether this one is read from now on. */
  traced: Variable | undefined;
  tracedWasRead = false;
  /** Has what is built for little memory, and did somebody ask? */
  isSmall = false;
  sizeWasRead = false;
  /** Values of the top of files, each made when it is first needed. */
  readonly #later = new Map<Variable, () => Value>();
  readonly #making: Variable[] = [];
  #steps = 0;
  #depth = 0;
  #exhausted = false;
  readonly #loops = new Map<Span, Loop>();
  #loop: Loop | undefined;
  readonly #warned = new Set<string>();

  constructor(around: Surroundings, limits: Limits = defaultLimits) {
    this.around = around;
    this.limits = limits;
  }

  /** Out of steps: nothing is evaluated any more. */
  get isExhausted(): boolean {
    return this.#exhausted;
  }

  /** The value; throws `Stop`. */
  evaluate(core: Core): Value {
    this.spend(1, core.span);
    if (this.#depth >= this.limits.depth)
      throw this.stop("E0309", core.span, {
        what: "expressions and functions are nested too deeply",
        limit: String(this.limits.depth),
      });
    this.#depth++;
    try {
      return (rules[core.op] as (core: Core, machine: Machine) => Value)(core, this);
    } finally {
      this.#depth--;
    }
  }

  /** The variable's value is made when it is first read. */
  later(variable: Variable, make: () => Value): void {
    this.#later.set(variable, make);
  }

  /** The value of a variable; throws `Stop`. */
  valueOf(variable: Variable, span: Span): Value {
    if (variable.role === "appliance") this.around.enter?.(variable);
    if (variable === this.traced) this.tracedWasRead = true;
    const known = this.values.get(variable);
    if (known) return known;
    const make = this.#later.get(variable);
    if (!make) throw new Stop();
    const at = this.#making.indexOf(variable);
    if (at !== -1)
      throw this.stop("E0342", span, {
        names: [...this.#making.slice(at), variable].map(({ name }) => name),
      });
    this.#making.push(variable);
    try {
      const value = make();
      this.values.set(variable, value);
      return value;
    } finally {
      this.#making.pop();
      if (!this.values.has(variable)) this.#later.delete(variable);
    }
  }

  /** The value, or undefined after reporting why there is none. */
  attempt<T>(run: () => T): T | undefined {
    if (this.#exhausted) return undefined;
    const loop = this.#loop;
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#loop = loop;
      if (error.diagnostic) this.around.report(error.diagnostic);
      return undefined;
    }
  }

  stop<C extends Code>(code: C, span: Span, data: DataOf<C>, related: readonly Label[] = []): Stop {
    return new Stop(diagnose(code, span, data, related));
  }

  /** Says something and goes on; what is evaluated several times says it once. */
  warn<C extends Code>(code: C, span: Span, data: DataOf<C>): void {
    const diagnostic = diagnose(code, span, data);
    const key = `${span.source} ${span.start} ${diagnostic.text}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.around.report(diagnostic);
  }

  /** Counts work. */
  spend(steps: number, span: Span): void {
    if (this.#exhausted) throw new Stop();
    this.#steps += steps;
    if (this.#loop) this.#loop.steps += steps;
    if (this.#steps <= this.limits.steps) return;
    this.#exhausted = true;
    const loop = this.#busiest();
    throw this.stop("E0308", loop ?? span, { steps: grouped(this.limits.steps), looped: loop !== undefined });
  }

  /** A value made by a loop or an operation, if it is not too large. */
  allow<V extends Value>(value: V, span: Span): V {
    this.allowWeight(weightOf(value), span);
    return value;
  }

  allowWeight(weight: number, span: Span): void {
    if (weight > this.limits.weight)
      throw this.stop("E0309", span, {
        what: "this value is too large",
        limit: `${Math.floor(this.limits.weight / 1024 / 1024)} MiB`,
      });
  }

  /** Runs the turns of one `for`; the steps in it are counted for it. */
  inLoop<T>(span: Span, run: () => T): T {
    const outer = this.#loop;
    let loop = this.#loops.get(span);
    if (!loop) {
      loop = { span, steps: 0 };
      this.#loops.set(span, loop);
    }
    this.#loop = loop;
    try {
      return run();
    } finally {
      this.#loop = outer;
    }
  }

  #busiest(): Span | undefined {
    let most: Loop | undefined;
    for (const loop of this.#loops.values()) if (!most || loop.steps > most.steps) most = loop;
    return most?.span;
  }
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
