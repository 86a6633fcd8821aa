/** One description with all its files: analysed when somebody asks and something has changed. */
import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { backends } from "#backends";
import { machinesOf } from "#compiler";
import { type Analysis, analyse, LibraryMemory, type ParseMemory } from "#ide";
import type { Files, Libraries } from "#lang";
import { projectFiles } from "../lock/project-files.ts";
import { type Open, type OpenLibraries, openFiles } from "./texts.ts";

const machines = machinesOf(backends);

/** What is analysed: a description, or a library through a description that only uses it. */
export type Root = { readonly file: string } | { readonly library: string; readonly file: string };

export class Project {
  readonly root: Root;
  /** That its files are relative to. */
  readonly folder: string;
  readonly #open: Open;
  readonly #libraries: OpenLibraries;
  readonly #parsed: ParseMemory;
  /** A library is to be looked at itself. */
  readonly #kept: LibraryMemory | undefined;
  #analysis: Analysis | undefined;

  constructor(root: Root, open: Open, libraries: OpenLibraries, parsed: ParseMemory) {
    this.root = root;
    this.folder = dirname(root.file);
    this.#open = open;
    this.#libraries = libraries;
    this.#parsed = parsed;
    this.#kept = "library" in root ? undefined : new LibraryMemory();
  }

  /** Something that it has read is different now. */
  changed(): void {
    this.#analysis = undefined;
  }

  get isFresh(): boolean {
    return this.#analysis !== undefined;
  }

  get analysis(): Analysis {
    this.#analysis ??= analyse(this.#request());
    return this.#analysis;
  }

  /** With other texts in the place of files: what they would mean. */
  imagine(texts: ReadonlyMap<string, string>, onlyChecked: boolean): Analysis {
    const { files, libraries, ...request } = this.#request();
    const bytes = new Map([...texts].map(([path, text]) => [path, new TextEncoder().encode(text)]));
    return analyse(
      {
        ...request,
        files: { ...files, read: (path) => bytes.get(path) ?? files.read(path) },
        libraries: {
          ...libraries,
          find(name) {
            const found = libraries.find(name);
            const text = found && texts.get(found.path);
            return found && text !== undefined ? { ...found, text } : found;
          },
        },
      },
      onlyChecked,
    );
  }

  #request(): {
    path: string;
    files: Files;
    libraries: Libraries;
    machines: typeof machines;
    parsed: ParseMemory;
    kept: LibraryMemory | undefined;
  } {
    const { root } = this;
    const own = openFiles(this.folder, this.#open);
    const isLibrary = "library" in root;
    const path = isLibrary ? ".appl" : basename(root.file);
    const text = isLibrary
      ? new TextEncoder().encode(`appl 1\n\nuse ${root.library}\n\nappliance library {\n}\n`)
      : undefined;
    const files = text ? { ...own, read: (asked: string) => (asked === path ? text : own.read(asked)) } : own;
    return {
      path,
      files,
      libraries: this.#libraries.libraries,
      machines,
      parsed: this.#parsed,
      kept: this.#kept,
    };
  }

  /** The path by which the language knows a file; undefined if it has no part in this. */
  sourceOf(file: string): string | undefined {
    return this.analysis.reads.find((source) => this.fileOf(source) === file);
  }

  /** The file that the language knows by a path. */
  fileOf(source: string): string {
    const { elsewhere } = projectFiles(this.folder);
    const own = resolve(this.folder, elsewhere(source) ?? source);
    if (this.#open.has(own) || existsSync(own)) return own;
    const library = resolve(this.#libraries.root, source);
    return existsSync(library) ? library : own;
  }
}
