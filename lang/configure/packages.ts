/** Packages that a description uses: named in the lock, lying in `appl.pkg`, and what they are said to be, or not read at all. */
import { type Code, type DataOf, diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PackageLine } from "../lock/lock.ts";
import { type Package, packageFolder, readPackage } from "../lock/package.ts";
import { isPackageName, type ParsedLock } from "../lock/parse.ts";
import { printSource } from "../lock/source.ts";
import type { Files } from "../source/files.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { hashMistake } from "./use-hash.ts";

export interface PackagesAround {
  readonly files: Files;
  readonly lock: ParsedLock;
  /** Folder of the lock, with a `/` behind it if it is not this one. */
  readonly base: string;
  /** Nothing may be in work. */
  readonly locked: boolean;
  report(diagnostic: Diagnostic): void;
}

export class Packages {
  readonly #around: PackagesAround;
  /** By folder; undefined after an error. */
  readonly #known = new Map<string, Package | undefined>();

  constructor(around: PackagesAround) {
    this.#around = around;
  }

  /** The files of the package that the path leads into; undefined for any other path. */
  around(path: string): { readonly read: (path: string) => Uint8Array | undefined } | undefined {
    for (const [folder, found] of this.#known)
      if (path.startsWith(`${folder}/`))
        return { read: (it) => found?.files.get(it.slice(folder.length + 1)) };
    return undefined;
  }

  /** The file that `use` means. */
  find(
    from: ast.ModulePath,
    hash: ast.LiteralExpr | undefined,
  ): { path: string; text: Uint8Array } | undefined {
    const { lock, base, locked } = this.#around;
    const name = from.text;
    if (!isPackageName(name)) {
      this.#error("E0159", from.span, {
        path: name,
        reason: "packages are called `pkg/OWNER/NAME`, in lower case",
      });
      return undefined;
    }
    const known = lock.lock.get(name);
    const line = known?.kind === "package" ? known : undefined;
    if (!line && !hash) {
      this.#unknown(name, from.span);
      return undefined;
    }
    if (line?.source.kind === "path" && locked)
      this.#error("E0161", from.span, { path: name, source: printSource(line.source) });
    const folder = base + packageFolder(name);
    const found = this.#package(name, folder, line, from.span);
    if (!found) return undefined;
    const mistake = hash && hashMistake(`\`${name}\``, hash, found.digest);
    if (mistake) this.#around.report(mistake);
    const file = `${name.slice(name.lastIndexOf("/") + 1)}.appl`;
    const text = found.files.get(file);
    if (!text)
      this.#error("E0159", from.span, { path: name, reason: `there is no \`${file}\` in \`${folder}\`` });
    return text && { path: `${folder}/${file}`, text };
  }

  /** Read once; what is wrong with it is said once. */
  #package(name: string, folder: string, line: PackageLine | undefined, span: Span): Package | undefined {
    if (this.#known.has(folder)) return this.#known.get(folder);
    const found = readPackage(folder, this.#around.files);
    this.#known.set(folder, undefined);
    if (!found) {
      this.#error("E0156", span, { path: name, folder, inWork: line?.source.kind === "path" });
      return undefined;
    }
    if ("reason" in found) {
      this.#error("E0159", span, { path: name, reason: found.reason });
      return undefined;
    }
    if (line?.digest !== undefined && line.digest !== found.digest) {
      const at = this.#around.lock.spans.get(name)!;
      const data = { path: name, folder, locked: line.digest, found: found.digest };
      this.#around.report(diagnose("E0157", span, data, [{ span: at, text: "locked here" }]));
      return undefined;
    }
    this.#known.set(folder, found);
    return found;
  }

  #unknown(path: string, span: Span): void {
    const { lock } = this.#around;
    // Its line may be one that could not be read.
    if (lock.diagnostics.length > 0) return;
    const packages = [...lock.lock.keys()].filter((name) => name.startsWith("pkg/"));
    this.#error("E0155", span, { path, hasLock: lock.exists, packages });
  }

  #error<C extends Code>(code: C, span: Span, data: DataOf<C>): void {
    this.#around.report(diagnose(code, span, data));
  }
}
