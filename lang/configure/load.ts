/** Phase 2: the description, and every file and library that it reaches by `use`. */

import { plainText } from "../check/texts.ts";
import type { Import, Unit } from "../check/unit.ts";
import { type Code, type DataOf, diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { nearest } from "../diagnostics/nearest.ts";
import { beside, resolvePath } from "../evaluate/file.ts";
import { digestOfBytes } from "../lock/digest.ts";
import { type LibraryLine, LOCK_FILE } from "../lock/lock.ts";
import { noLock, type ParsedLock, parseLock } from "../lock/parse.ts";
import type { Entry, Files } from "../source/files.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { type ParsedTexts, parseText } from "../syntax/parse-memory.ts";
import type { Libraries, LibraryIdentity } from "./libraries.ts";
import { Packages } from "./packages.ts";
import type { Request } from "./request.ts";
import { hashMistake } from "./use-hash.ts";

type Asked = Pick<Request, "files" | "libraries" | "locked" | "parsed" | "kept">;

export class Loader {
  /** In an order in which each file comes after all that it uses. */
  readonly units: Unit[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly reads = new Set<string>();
  /** Of the folder of the description. */
  lock: ParsedLock = noLock;
  readonly #files: Files;
  readonly #libraries: Libraries;
  readonly #bytes = new Map<string, Uint8Array | undefined>();
  /** By source path; undefined while it is loaded. */
  readonly #known = new Map<string, Unit | undefined>();

  readonly #kept: Asked["kept"];
  readonly #parse: ParsedTexts["get"];
  readonly #locked: boolean;
  /** Path of a file, and the name that a failed `use` would have brought in there. */
  readonly #lost = new Set<string>();
  #packages: Packages | undefined;

  constructor({ files, libraries, locked = false, parsed, kept }: Asked) {
    this.#kept = kept;
    this.#files = files;
    this.#libraries = libraries;
    this.#locked = locked;
    this.#parse = (path, content) => parsed?.get(path, content) ?? parseText(path, content);
  }

  /** The bytes of a file; that it was asked for is remembered, even if it does not exist. */
  read(path: string): Uint8Array | undefined {
    if (!this.#bytes.has(path)) {
      this.reads.add(path);
      this.#bytes.set(path, (this.#packages?.around(path) ?? this.#files).read(path));
    }
    return this.#bytes.get(path);
  }

  /** What is in a folder. */
  list(path: string): readonly Entry[] | undefined {
    this.reads.add(`${path}/`);
    return this.#files.list(path);
  }

  /** The diagnostic only says that a name is not known which a failed `use` would have brought in. */
  followsFromUse({ code, primary }: Diagnostic): boolean {
    if (!["E0102", "E0103", "E0105", "E0106", "E0109", "E0120"].includes(code)) return false;
    const { source, start, end } = primary.span;
    const text = this.units.find(({ path }) => path === source)?.source.text.slice(start, end) ?? "";
    return this.#lost.has(`${source} ${/^\w*/.exec(text)![0]}`);
  }

  /** The description. */
  root(path: string): Unit | undefined {
    const bytes = this.read(path);
    if (bytes) this.#readLock(path);
    if (bytes) return this.#load(path, bytes, undefined, [path]);
    this.#error("E0118", { source: path, start: 0, end: 0 }, { path, beside: [], isLibrary: false });
    return undefined;
  }

  #readLock(description: string): void {
    const base = description.slice(0, description.lastIndexOf("/") + 1);
    const path = base + LOCK_FILE;
    const bytes = this.read(path);
    if (bytes) this.lock = parseLock(path, bytes);
    const report = (diagnostic: Diagnostic) => this.diagnostics.push(diagnostic);
    for (const diagnostic of this.lock.diagnostics) report(diagnostic);
    for (const line of this.lock.lock.values()) if (line.kind === "library") this.#compare(line);
    const { lock } = this;
    this.#packages = new Packages({ files: this.#files, lock, base, locked: this.#locked, report });
  }

  #compare({ name, version, digest }: LibraryLine): void {
    const here = this.#libraries.identity?.(name);
    if (here?.digest === digest) return;
    const shown = (it: LibraryIdentity): string =>
      `${it.version === "-" ? "" : `${it.version} `}${it.digest.slice(0, 17)}`;
    const data = { name, locked: shown({ version, digest }), here: here ? shown(here) : "none" };
    this.#error(this.#locked ? "E0160" : "W0160", this.lock.spans.get(name)!, data);
  }

  /** A library that nobody writes `use` for; undefined if there is none. */
  library(modulePath: string): Unit | undefined {
    const found = this.#libraries.find(modulePath);
    return found && this.#library(modulePath, found, [modulePath]);
  }

  #library(
    modulePath: string,
    { path, text }: { path: string; text: Uint8Array | string },
    chain: readonly string[],
  ): Unit | undefined {
    if (this.#known.has(path)) return this.#known.get(path);
    this.reads.add(path);
    return this.#load(path, text, modulePath, chain);
  }

  #error<C extends Code>(code: C, span: Span, data: DataOf<C>): void {
    this.diagnostics.push(diagnose(code, span, data));
  }

  #load(
    path: string,
    content: Uint8Array | string,
    library: string | undefined,
    chain: readonly string[],
  ): Unit {
    this.#known.set(path, undefined);
    const { ast: tree, diagnostics, source } = this.#parse(path, content);
    this.diagnostics.push(...diagnostics);
    const made: Unit = {
      path,
      source,
      ast: tree,
      library,
      name: nameOf(library ?? path),
      imports: new Map(),
    };
    for (const item of tree.items) if (item.kind === "use") this.#use(item, made, chain);
    const unit = library === undefined ? made : (this.#kept?.same(made) ?? made);
    this.#known.set(path, unit);
    this.units.push(unit);
    return unit;
  }

  #use(use: ast.UseDecl, unit: Unit, chain: readonly string[]): void {
    const { from, hash } = use;
    const found =
      from.kind === "modulePath"
        ? this.#useLibrary(from, hash, chain)
        : this.#useFile(from, hash, unit, chain);
    const name =
      use.alias?.text ?? found?.name ?? nameOf(from.kind === "string" ? (plainText(from) ?? "") : from.text);
    if (!found) {
      this.#lost.add(`${unit.path} ${name}`);
      return;
    }
    const before: Import | undefined = unit.imports.get(name);
    if (before) {
      const related = [{ span: before.use.span, text: "first brought in here" }];
      this.diagnostics.push(
        diagnose("E0107", (use.alias ?? use.from).span, { name, what: "the library" }, related),
      );
      return;
    }
    unit.imports.set(name, { unit: found, use });
  }

  #useLibrary(
    from: ast.ModulePath,
    hash: ast.LiteralExpr | undefined,
    chain: readonly string[],
  ): Unit | undefined {
    const isPackage = from.segments[0]?.text === "pkg";
    if (hash && !isPackage)
      this.#error("E0119", hash.span, {
        what: "a hash",
        where:
          "behind a library that came with the compiler: it is the line `std` of `appl.lock` that says which one",
      });
    const found = isPackage ? this.#packages?.find(from, hash) : this.#libraries.find(from.text);
    if (!found && isPackage) return undefined;
    if (!found) {
      const libraries = this.#libraries.all?.() ?? [];
      for (const meant of nearest(from.text, libraries))
        this.#lost.add(`${from.span.source} ${nameOf(meant)}`);
      this.#error("E0104", from.span, { path: from.text, libraries });
      return undefined;
    }
    const loading = this.#known.has(found.path) && this.#known.get(found.path) === undefined;
    if (loading) {
      this.#error("E0113", from.span, { cycle: [...chain.slice(chain.indexOf(from.text)), from.text] });
      return undefined;
    }
    const unit = this.#library(from.text, found, [...chain, from.text]);
    const said = unit?.ast.items.find((item): item is ast.LibraryDecl => item.kind === "library")?.path.text;
    if (unit && said !== from.text) this.#error("E0114", from.span, { path: from.text, found: said });
    return unit;
  }

  #useFile(
    from: ast.StringExpr,
    hash: ast.LiteralExpr | undefined,
    unit: Unit,
    chain: readonly string[],
  ): Unit | undefined {
    const path = plainText(from);
    const resolved =
      path === undefined ? { reason: "a path is written out, without holes" } : resolvePath(unit.path, path);
    if ("reason" in resolved || path === undefined) {
      this.#error("E0313", from.span, {
        path: path ?? from.raw,
        reason: "reason" in resolved ? resolved.reason : "",
      });
      return undefined;
    }
    const bytes = this.read(resolved.path);
    const mistake = hash && bytes && hashMistake(`\`${resolved.path}\``, hash, digestOfBytes(bytes));
    if (mistake) this.diagnostics.push(mistake);
    if (this.#known.has(resolved.path)) {
      const known = this.#known.get(resolved.path);
      if (!known)
        this.#error("E0113", from.span, {
          cycle: [...chain.slice(chain.indexOf(resolved.path)), resolved.path],
        });
      return known;
    }
    if (bytes) return this.#load(resolved.path, bytes, undefined, [...chain, resolved.path]);
    this.#error("E0118", from.span, {
      path: resolved.path,
      beside: beside(resolved.path, this),
      isLibrary: path.startsWith("pkg/") || this.#libraries.find(path) !== undefined,
    });
    return undefined;
  }
}

/** `std/dns` and `./lib/dns.appl` are `dns`. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.appl$/, "");
}
