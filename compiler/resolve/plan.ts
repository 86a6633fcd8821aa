/** What an image will consist of, and why: the modules in order, who serves whom, and every reason. */
import type { Library, ModuleDecl, ModuleUse, RecordValue, SecretValue, Span, Value } from "#lang";

/** Why a module is here. */
export type Reason =
  /** A block of the description. */
  | { readonly kind: "block"; readonly span: Span }
  /** The target itself asks for this interface. */
  | { readonly kind: "target"; readonly interface: string }
  /** Another module needs it. */
  | {
      readonly kind: "need";
      readonly from: string;
      readonly need: string;
      readonly interface: string;
      readonly span: Span;
    };

export interface PlannedModule {
  readonly module: ModuleDecl;
  readonly library: Library;
  readonly use: ModuleUse;
  /** Name of each need → path of the module that meets it. */
  readonly bindings: ReadonlyMap<string, string>;
  readonly reasons: readonly Reason[];
}

export interface Plan {
  readonly appliance: string;
  readonly target: string;
  /** What a machine has to be given, by name. */
  readonly secrets: readonly SecretValue[];
  /** What makes images for it: `kvm`. */
  readonly backend: string;
  /** What the description says of the target. */
  readonly machine: RecordValue | undefined;
  readonly params: ReadonlyMap<string, Value>;
  /** Every module after all that it needs. */
  readonly modules: readonly PlannedModule[];
  /** What the target asked for → path of the module that gives it. */
  readonly roots: ReadonlyMap<string, string>;
}
