/**
 * The only way by which a text comes into the language. Paths are what the caller makes of them: names separated by `/`, never
 * compared with the machine's own.
 */
export interface Files {
  /** The bytes of the file, or undefined if there is none. The same path gives the same bytes for a whole run. */
  read(path: string): Uint8Array | undefined;
}

/** Files that exist only here: for tests, and for texts that a program made. */
export class MemoryFiles implements Files {
  readonly #files = new Map<string, Uint8Array>();

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  write(path: string, content: string | Uint8Array): void {
    this.#files.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }

  read(path: string): Uint8Array | undefined {
    return this.#files.get(path);
  }
}
