/**
 * The only way by which texts and folders come into the language. Paths are what the caller makes of them: names separated by `/`,
 * never compared with the machine's own.
 */
export interface Files {
  /** The bytes of the file, or undefined if there is none. The same path gives the same bytes for a whole run. */
  read(path: string): Uint8Array | undefined;
  /** What is in a folder, in any order; undefined if there is no such folder. */
  list(path: string): readonly Entry[] | undefined;
}

/** What only needs texts. */
export type Texts = Pick<Files, "read">;

/** One name in a folder. */
export interface Entry {
  readonly name: string;
  /** What is there when all links are followed. `lost`: the link leads to nothing, or out of everything. `other`: a device, a pipe. */
  readonly kind: "file" | "folder" | "other" | "lost";
  readonly executable: boolean;
  /** Of a symbolic link: where it leads in the end, seen from the folder that was listed: `../shared/logo.svg`. */
  readonly target?: string | undefined;
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

  list(path: string): readonly Entry[] | undefined {
    const prefix = path === "" || path === "." ? "" : `${path}/`;
    const found = new Map<string, Entry>();
    for (const file of this.#files.keys()) {
      if (!file.startsWith(prefix)) continue;
      const [name, below] = file.slice(prefix.length).split("/") as [string, string | undefined];
      found.set(name, { name, kind: below === undefined ? "file" : "folder", executable: false });
    }
    return found.size === 0 ? undefined : [...found.values()];
  }
}
