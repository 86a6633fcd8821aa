/** What the language gives to the compiler: one appliance on one target, checked and finished. */
import type { Core } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import type { RecordType } from "../types/type.ts";
import type { RecordValue, SecretValue, Value } from "../values/value.ts";

export interface Configuration {
  readonly appliance: { readonly name: string; readonly span: Span };
  /** Name of the target. */
  readonly target: string;
  /** Where the target is declared; undefined for one that needs no saying. */
  readonly targetSpan: Span | undefined;
  /** What makes images for the target's board: `kvm`. There need not be such a backend yet. */
  readonly backend: string;
  /** What the description says of the target: its board, memory … Undefined if nothing is known of it. */
  readonly machine: RecordValue | undefined;
  /** Values of the params, in the order of their declaration. */
  readonly params: ReadonlyMap<string, Value>;
  /** Those that were given with the request. */
  readonly givenParams: readonly string[];
  /** What the description calls the modules of the libraries that it uses. */
  readonly names: readonly { readonly name: string; readonly module: ModuleDecl }[];
  /** The modules that the description has a block for, by path. */
  readonly modules: readonly ModuleUse[];
  /** Blocks of modules that stand under a `when` that does not hold, in the order in which they were come upon. */
  readonly skipped: readonly SkippedBlock[];
  /** What a machine has to be given, by name: secrets, and params that are chosen at its start. */
  readonly secrets: readonly SecretValue[];
  /** Every module of every library that the description or the target reaches, by path: what needs can be met with. */
  readonly declarations: readonly ModuleDecl[];
  /** The libraries that these come from, by path. */
  readonly libraries: readonly Library[];
}

export interface Library {
  /** `std/dns`. */
  readonly path: string;
  /** The file that it was read from, as `Libraries` names it. */
  readonly file: string;
  readonly docs: string | undefined;
  readonly interfaces: readonly Interface[];
  /** Diagnostics that its modules' `prepare` may give. */
  readonly diagnostics: readonly LibraryDiagnostic[];
  /** The target brings it: its modules win over others that offer the same. */
  readonly ofTarget: boolean;
}

export interface Interface {
  /** `std/net.Link`. */
  readonly name: string;
  readonly docs: string | undefined;
  readonly span: Span;
  /** The AssemblyScript file with its abstract classes, as written in the library. */
  readonly source: string | undefined;
}

export interface LibraryDiagnostic {
  readonly code: string;
  readonly title: string;
  readonly docs: string | undefined;
  readonly span: Span;
}

/** One module as it is declared. */
export interface ModuleDecl {
  /** `std/dns`, `std/net/arp`: the library's path, and the module's name if it is not the library's. */
  readonly path: string;
  readonly name: string;
  /** Path of the library. */
  readonly library: string;
  /** Many instances, each with a label. */
  readonly multiple: boolean;
  /** Options and blocks. `print` and `describe` show it. */
  readonly type: RecordType;
  readonly needs: readonly Need[];
  /** Qualified names of the interfaces that it implements: `std/net.Link`. */
  readonly offers: readonly string[];
  readonly code: readonly CodeFile[];
  readonly parts: readonly PartDecl[];
  readonly sizes: readonly SizeDecl[];
  readonly claims: readonly ClaimDecl[];
  readonly docs: string | undefined;
  /** Its name where it is declared. */
  readonly span: Span;
}

export interface Need {
  /** `link`: the code imports `./needs/link`. */
  readonly name: string;
  /** `std/net.Link`. */
  readonly interface: string;
  /** It is there only with this part. */
  readonly part: string | undefined;
  readonly docs: string | undefined;
  readonly span: Span;
}

export interface CodeFile {
  /** `as`, `prepare`, `wasm`, `native` … */
  readonly kind: string;
  /** `riscv32` in `code native riscv32 "…"`. */
  readonly arch: string | undefined;
  /** As written, relative to the library's file: `./index.ts`. */
  readonly file: string;
  /** `hooks = [start, poll]`. */
  readonly hooks: readonly string[];
  readonly span: Span;
}

/** About how much of the target's memory something takes, until it is measured. */
export interface SizeDecl {
  /** Of a part; undefined: of the module without its parts. */
  readonly part: string | undefined;
  /** Of a `Size`, each. */
  readonly flash: Core | undefined;
  readonly ram: Core | undefined;
  /** What it is: `driver + supplicant`. */
  readonly docs: string | undefined;
  readonly span: Span;
}

export interface PartDecl {
  readonly name: string;
  readonly docs: string | undefined;
  readonly span: Span;
  readonly condition: Core;
  /** As it is written. */
  readonly text: string;
  /** There is no code for it yet: it can be checked and not be built. */
  readonly planned: boolean;
}

/** What no other module of the appliance may have as well: `claims tcp = listen`. */
export interface ClaimDecl {
  readonly name: string;
  readonly docs: string | undefined;
  readonly span: Span;
  /** A list. */
  readonly value: Core;
}

export interface SkippedBlock {
  /** Path of the module. */
  readonly module: string;
  /** `ntp`, where it is written. */
  readonly head: Span;
  /** The condition. */
  readonly when: Span;
}

/** A module with its settings. */
export interface ModuleUse {
  readonly module: ModuleDecl;
  /** The head of the first block: `net eth0`. */
  readonly span: Span;
  /** What it is here for: the block, or the need that nothing else met. */
  readonly because: Span;
  /** One without label; or any number with their labels, in canonical order. */
  readonly instances: readonly Instance[];
  readonly parts: readonly PartUse[];
  /** Of the module, and of its parts that are on. */
  readonly sizes: readonly SizeUse[];
}

export interface Instance {
  readonly label: Value | undefined;
  readonly config: RecordValue;
  /** The head of its block. */
  readonly span: Span;
}

export interface PartUse {
  readonly name: string;
  readonly on: boolean;
  /** Of the condition. */
  readonly span: Span;
  readonly conditionText: string;
  readonly planned: boolean;
  /** The first setting that the condition reads and that somebody wrote, of an instance for which it holds; else the head of the instance. */
  readonly asked: Span | undefined;
  /** That setting as a whole; undefined if there is none. */
  readonly setting: Span | undefined;
}

/** Bytes, as the library estimates them. */
export interface SizeUse {
  readonly part: string | undefined;
  /** Once for all instances. */
  readonly flash: bigint;
  /** Of all instances together. */
  readonly ram: bigint;
  readonly docs: string | undefined;
}
