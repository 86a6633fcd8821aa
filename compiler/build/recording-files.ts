/** Files that take down what was asked of them, so that one can see later whether any of it has changed. */
import type { Entry, Files } from "#lang";

export class RecordingFiles implements Files {
  readonly #files: Files;
  readonly #read = new Map<string, Uint8Array | undefined>();
  readonly #listed = new Map<string, readonly Entry[] | undefined>();

  constructor(files: Files) {
    this.#files = files;
  }

  read(path: string): Uint8Array | undefined {
    if (!this.#read.has(path)) this.#read.set(path, this.#files.read(path));
    return this.#read.get(path);
  }

  list(path: string): readonly Entry[] | undefined {
    if (!this.#listed.has(path)) this.#listed.set(path, this.#files.list(path));
    return this.#listed.get(path);
  }

  /**
   * Everything that was asked for, in order of path; what was not there is undefined. A folder's path ends with `/`, and its content is
   * what it lists.
   */
  all(): readonly (readonly [string, Uint8Array | undefined])[] {
    const folders = [...this.#listed].map(([path, entries]) => [`${path}/`, listing(entries)] as const);
    return [...this.#read, ...folders].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** What `all` would say of one of its paths now. */
  content(path: string): Uint8Array | undefined {
    return path.endsWith("/") ? listing(this.list(path.slice(0, -1))) : this.read(path);
  }
}

/** The same bytes for the same entries, in whatever order they come. */
function listing(entries: readonly Entry[] | undefined): Uint8Array | undefined {
  const lines = entries?.map(({ name, kind, executable, target }) =>
    JSON.stringify([name, kind, executable, target ?? ""]),
  );
  return lines && new TextEncoder().encode(lines.toSorted().join("\n"));
}
