import type { Bench } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import type { Machine } from "./machine.ts";

/** What an operation at a place may ask for. `args` are what it was given, as far as they have places of their own. */
export class OperationBench implements Bench {
  readonly span: Span;
  readonly #name: string;
  readonly #args: readonly { readonly span: Span }[];
  readonly #machine: Machine;

  constructor(name: string, span: Span, args: readonly { readonly span: Span }[], machine: Machine) {
    this.#name = name;
    this.span = span;
    this.#args = args;
    this.#machine = machine;
  }

  spend(steps: number): void {
    this.#machine.spend(steps, this.span);
  }

  allow(weight: number): void {
    this.#machine.allowWeight(weight, this.span);
  }

  isSmall(): boolean {
    this.#machine.sizeWasRead = true;
    return this.#machine.isSmall;
  }

  fail(reason: string, argument?: number): never {
    const at = argument === undefined ? this.span : (this.#args[argument]?.span ?? this.span);
    throw this.#machine.stop("E0305", at, { operation: this.#name, reason });
  }
}
