/**
 * What libraries declare, kept from one run to the next: an editor looks at the same description again and again, and the libraries that it
 * uses are the same.
 *
 * What a library's rules mean depends on which other libraries there are (a need is answered by whoever offers it), so all of them must
 * be those of the run before. Only what follows from their texts alone is kept.
 */
import type { UnitDeclarations } from "../check/declarations.ts";
import type { Unit } from "../check/unit.ts";
import type { FileAst, Top } from "../syntax/ast.ts";
import { allNodes } from "../syntax/walk.ts";

type Known = ReadonlyMap<Unit, UnitDeclarations>;

/** Descriptions use one set of libraries, and each of their backends brings some more. */
const SETS = 8;

export class LibraryMemory {
  readonly #units = new Map<string, Unit>();
  /** Each set of libraries that was checked together, the one that was asked for last first. */
  #sets: readonly { readonly libraries: readonly Unit[]; readonly known: Known }[] = [];

  /** The unit of a run before, if it is the same. */
  same(unit: Unit): Unit {
    const known = this.#units.get(unit.path);
    if (known && known.library === unit.library && known.ast === unit.ast && sameImports(known, unit))
      return known;
    this.#units.set(unit.path, unit);
    return unit;
  }

  /** What these units declare, if just these libraries were checked together before. `read`: what a run has by now, which must be a part of that. */
  of(units: readonly Unit[], read: Known): Known | undefined {
    if (units.some(addsToLibraries)) return undefined;
    const libraries = units.filter(isLibrary);
    const found = this.#sets.find(
      (set) =>
        libraries.length === set.libraries.length &&
        libraries.every(
          (unit, at) =>
            unit === set.libraries[at] && (read.get(unit) ?? set.known.get(unit)) === set.known.get(unit),
        ),
    );
    if (found) this.#sets = [found, ...this.#sets.filter((set) => set !== found)];
    return found?.known;
  }

  /** Call it with libraries without mistakes only: those would not be found again. */
  remember(units: readonly Unit[], read: Known): void {
    const libraries = units.filter(isLibrary);
    if (units.some(addsToLibraries) || libraries.some(({ ast }) => needsMore(ast))) return;
    const known = new Map(libraries.map((unit) => [unit, read.get(unit)!]));
    this.#sets = [{ libraries, known }, ...this.#sets].slice(0, SETS);
  }
}

const isLibrary = ({ library }: Unit): boolean => library !== undefined;

/** A description that declares what libraries do. */
const addsToLibraries = ({ library, ast }: Unit): boolean =>
  library === undefined &&
  ast.items.some(({ kind }) => kind === "moduleDecl" || kind === "blockDecl" || kind === "interfaceDecl");

const needing = new WeakMap<FileAst, boolean>();

/** A library that reads files, which change, or has fragments: they are read when an appliance includes them, as parts of it. */
function needsMore(ast: FileAst): boolean {
  const before = needing.get(ast);
  if (before !== undefined) return before;
  const found = ast.items.some((item) => item.kind === "fragment" || reads(item));
  needing.set(ast, found);
  return found;
}

function reads(item: Top): boolean {
  for (const { kind } of allNodes(item)) if (kind === "read") return true;
  return false;
}

function sameImports(a: Unit, b: Unit): boolean {
  if (a.imports.size !== b.imports.size) return false;
  for (const [name, { unit }] of a.imports) if (b.imports.get(name)?.unit !== unit) return false;
  return true;
}
