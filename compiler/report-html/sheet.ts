/** Style rules that are made with the page, so that no element needs a style of its own: the page's policy forbids those. */
export type When = "always" | "wide" | "narrow";

/** Selectors are ours: nothing that a description says is ever in one. */
export class Sheet {
  readonly #rules = new Map<When, Map<string, string[]>>();

  rule(when: When, selector: string, declarations: string): void {
    const rules = this.#rules.get(when) ?? new Map<string, string[]>();
    this.#rules.set(when, rules);
    const selectors = rules.get(declarations) ?? [];
    if (!selectors.includes(selector)) selectors.push(selector);
    rules.set(declarations, selectors);
  }

  get text(): string {
    const wide = this.#text("wide");
    const narrow = this.#text("narrow");
    return [
      this.#text("always"),
      `@media screen and (min-width:700px),print{\n${wide}}\n`,
      `@media screen and (max-width:699.98px){\n${narrow}}\n`,
    ].join("");
  }

  #text(when: When): string {
    const rules = [...(this.#rules.get(when) ?? [])];
    return rules.map(([declarations, selectors]) => `${selectors.join(",")}{${declarations}}\n`).join("");
  }
}
