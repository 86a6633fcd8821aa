/** Files as the editor sees them: what is open and not saved wins over the disk. */
import { relative, resolve, sep } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { librariesOf } from "#compiler";
import type { Libraries } from "#lang";
import { libraryFiles } from "../edges/library-files.ts";
import { nodeFiles } from "../edges/node-files.ts";
import { nodeSha256, packageRoot, toolVersions } from "../edges/tool.ts";
import { type ProjectFiles, projectFiles } from "../lock/project-files.ts";

/** Open documents by the path of their file. */
export type Open = ReadonlyMap<string, TextDocument>;

const encoder = new TextEncoder();

/** The files below a folder, and those of packages in work. */
export function openFiles(folder: string, open: Open): ProjectFiles {
  const disk = projectFiles(folder);
  return {
    ...disk,
    read(path) {
      const elsewhere = disk.elsewhere(path);
      const whole = resolve(folder, elsewhere ?? path);
      const allowed = elsewhere !== undefined || !relative(folder, whole).startsWith(`..${sep}`);
      const document = allowed ? open.get(whole) : undefined;
      return document ? encoder.encode(document.getText()) : disk.read(path);
    },
  };
}

/** The libraries that came with the compiler; each is read once, until somebody opens or changes it. */
export class OpenLibraries {
  readonly root = packageRoot();
  readonly #open: Open;
  readonly #read = new Map<string, Uint8Array | undefined>();
  #libraries: Libraries | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  get libraries(): Libraries {
    this.#libraries ??= this.#from();
    return this.#libraries;
  }

  /** Forgets what was read. */
  changed(): void {
    this.#read.clear();
    this.#libraries = undefined;
  }

  #from(): Libraries {
    const disk = nodeFiles(this.root);
    const listed = libraryFiles(this.root);
    const found = librariesOf({
      libraries: {
        list: (path) => disk.list(path),
        read: (path) => {
          const document = this.#open.get(resolve(this.root, path));
          if (document) return encoder.encode(document.getText());
          if (!this.#read.has(path)) this.#read.set(path, disk.read(path));
          return this.#read.get(path);
        },
      },
      libraryFiles: () => listed,
      edges: { versions: toolVersions(), sha256: nodeSha256 },
    });
    const all = found.all?.();
    const texts = new Map<string, ReturnType<Libraries["find"]>>();
    return {
      ...found,
      all: () => all ?? [],
      find(path) {
        if (!texts.has(path)) texts.set(path, found.find(path));
        return texts.get(path);
      },
    };
  }
}
