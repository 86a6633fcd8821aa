/** Which names mean what at one place. */
import type { RecordType, Type } from "../types/type.ts";
import type { Fn, Rank, Variable } from "./core.ts";
import type { Unit } from "./unit.ts";

/** The top of a file, whose declarations are read when they are needed. */
export interface Top {
  readonly unit: Unit;
  value(name: string): Entity | undefined;
  valueNames(): readonly string[];
}

export type Entity =
  | { readonly kind: "variable"; readonly variable: Variable }
  | { readonly kind: "fn"; readonly fn: Fn }
  /** Its declaration is faulty. */
  | { readonly kind: "broken" }
  /** Declared behind the place that asks, or being declared there. */
  | { readonly kind: "later"; readonly itself: boolean };

/** A module that is seen through a need. */
export interface NeedName {
  /** `std/net.Stack`. */
  readonly interface: string;
}

/** What a body belongs to: it decides which words may stand before its settings. */
export type Place = "appliance" | "target" | "fragment" | "test" | "value";

interface Inside {
  readonly place?: Place;
  readonly rank?: Rank;
  readonly settings?: ReadonlyMap<string, Variable>;
  /** What the settings are of, if it has names of older versions. */
  readonly outdated?: RecordType | undefined;
  readonly needs?: ReadonlyMap<string, NeedName>;
  readonly settled?: boolean;
  readonly reader?: string;
  readonly narrowed?: ReadonlyMap<string, Type>;
}

/** Names that an expression can see, the inner ones first. */
export class Scope {
  readonly top: Top;
  /** Settings may be read: the configuration will be complete when this is evaluated. */
  readonly settled: boolean;
  /** What is to be evaluated, for a message: `` `when` ``. */
  readonly reader: string;
  readonly place: Place;
  /** Of settings that do not say one of their own. */
  readonly rank: Rank;
  readonly #parent: Scope | undefined;
  readonly #variables = new Map<string, Variable>();
  readonly #settings: ReadonlyMap<string, Variable> | undefined;
  readonly #outdated: RecordType | undefined;
  readonly #needs: ReadonlyMap<string, NeedName> | undefined;
  readonly #narrowed: ReadonlyMap<string, Type> | undefined;

  constructor(top: Top, parent?: Scope, inside: Inside = {}) {
    const { settings, outdated, needs, settled, reader, narrowed, place, rank } = inside;
    this.top = top;
    this.#parent = parent;
    this.#settings = settings;
    this.#outdated = outdated;
    this.#needs = needs;
    this.#narrowed = narrowed;
    this.settled = settled ?? parent?.settled ?? false;
    this.reader = reader ?? parent?.reader ?? "a value";
    this.place = place ?? parent?.place ?? "value";
    this.rank = rank ?? parent?.rank ?? "plain";
  }

  inside(inside: Inside = {}): Scope {
    return new Scope(this.top, this, inside);
  }

  declare(variable: Variable): void {
    this.#variables.set(variable.name, variable);
  }

  /** Declared in this very scope. */
  own(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  find(name: string): Entity | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const variable = scope.#variables.get(name) ?? (this.settled ? scope.#settings?.get(name) : undefined);
      if (variable) return { kind: "variable", variable };
    }
    return this.top.value(name);
  }

  /** A setting of this name, whether it may be read or not. */
  setting(name: string): Variable | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const variable = scope.#settings?.get(name);
      if (variable) return variable;
    }
    return undefined;
  }

  /** A name of an older version of a block around, unless something nearer has that name; and what is called so now. */
  outdated(name: string): { readonly of: RecordType; readonly setting: Variable | undefined } | undefined {
    if (!this.settled) return undefined;
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const old = scope.#outdated?.outdated.get(name);
      if (old) return { of: scope.#outdated!, setting: scope.#settings?.get(old.to ?? name) };
      if (scope.#variables.has(name) || scope.#settings?.has(name)) return undefined;
    }
    return undefined;
  }

  need(name: string): NeedName | undefined {
    if (!this.settled) return undefined;
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const need = scope.#needs?.get(name);
      if (need) return need;
    }
    return undefined;
  }

  /** What is known of the value at a path (`gateway`, `z.transfer`) besides its type. */
  narrowed(path: string): Type | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      const type = scope.#narrowed?.get(path);
      if (type) return type;
      if (scope.#variables.has(path)) return undefined;
    }
    return undefined;
  }

  /** Every name that could be used here. */
  names(): readonly string[] {
    const names = new Set<string>();
    for (let scope: Scope | undefined = this; scope; scope = scope.#parent) {
      for (const name of scope.#variables.keys()) names.add(name);
      if (!this.settled) continue;
      for (const name of scope.#settings?.keys() ?? []) names.add(name);
      for (const name of scope.#needs?.keys() ?? []) names.add(name);
    }
    for (const name of this.top.valueNames()) names.add(name);
    return [...names];
  }
}
