/** Diagnostics of several appliances on several targets: each is said once. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** What a board lacks says by itself for which target that is. */
const tellsTargets = ({ code }: Diagnostic): boolean => code.startsWith("E06");

interface Entry {
  readonly diagnostic: Diagnostic;
  /** The targets that it was found for; undefined if it does not depend on one. */
  targets: Set<string> | undefined;
}

export class Reports {
  readonly #entries = new Map<string, Entry>();
  readonly #targets = new Set<string>();
  #failed = false;

  /** There is an error. */
  get failed(): boolean {
    return this.#failed;
  }

  add(diagnostic: Diagnostic): void {
    this.#entry(diagnostic).targets = undefined;
  }

  /** What one target has; with `several`, a message says for which it is. */
  addFor(target: string, diagnostics: readonly Diagnostic[], several: boolean): void {
    if (several) this.#targets.add(target);
    for (const diagnostic of diagnostics) this.#entry(diagnostic).targets?.add(target);
  }

  #entry(diagnostic: Diagnostic): Entry {
    if (diagnostic.severity === "error") this.#failed = true;
    const { code, text, primary } = diagnostic;
    const { source, start, end } = primary.span;
    const key = [code, source, start, end, text, primary.text].join("\0");
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = { diagnostic, targets: new Set() };
    this.#entries.set(key, entry);
    return entry;
  }

  all(): readonly Diagnostic[] {
    return [...this.#entries.values()].map(({ diagnostic, targets }) => {
      if (!targets || targets.size >= this.#targets.size || tellsTargets(diagnostic)) return diagnostic;
      const names = [...targets].map((name) => `\`${name}\``).join(", ");
      const others = [...this.#targets].filter((name) => !targets.has(name)).map((name) => `\`${name}\``);
      const note = `found for target ${names}, not for ${others.join(", ")}`;
      return { ...diagnostic, notes: [...diagnostic.notes, note] };
    });
  }
}
