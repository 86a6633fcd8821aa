/** Files that take down what was asked of them, so that one can see later whether any of it has changed. */
import type { Files } from "#lang";

export class RecordingFiles implements Files {
  readonly #files: Files;
  readonly #read = new Map<string, Uint8Array | undefined>();

  constructor(files: Files) {
    this.#files = files;
  }

  read(path: string): Uint8Array | undefined {
    if (!this.#read.has(path)) this.#read.set(path, this.#files.read(path));
    return this.#read.get(path);
  }

  /** Everything that was asked for, in order of path; a file that was not there is undefined. */
  all(): readonly (readonly [string, Uint8Array | undefined])[] {
    return [...this.#read].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
