/** Which descriptions there are, and which of them a file belongs to. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { ParseMemory } from "#ide";
import { outline } from "#lang";
import { libraryTrees } from "../edges/library-trees.ts";
import { Project, type Root } from "./project.ts";
import { OpenLibraries } from "./texts.ts";

/** Folders above a file that are searched for who uses it, and files in each. */
const LEVELS = 3;
const FILES = 200;

export class Workspace {
  /** By path. */
  readonly open = new Map<string, TextDocument>();
  readonly #libraries = new OpenLibraries(this.open);
  readonly #parsed = new ParseMemory(libraryTrees());
  readonly #projects = new Map<string, Project>();

  /** Takes over what an editor says of a file; without a document it has been closed, or changed on the disk. */
  changed(file: string, document: TextDocument | undefined): void {
    if (document) this.open.set(file, document);
    else this.open.delete(file);
    if (file.startsWith(this.#libraries.root)) this.#libraries.changed();
    for (const [key, project] of this.#projects) {
      project.changed();
      if (key === file && !document) this.#projects.delete(key);
    }
  }

  /** The descriptions of everything that is open, each once. */
  projects(): readonly Project[] {
    return [...new Set([...this.open.keys()].map((file) => this.projectOf(file)))];
  }

  /** The description that a file is a part of: itself, or one that uses it. */
  projectOf(file: string): Project {
    const text = this.open.get(file)?.getText() ?? "";
    const library = libraryIn(text);
    if (library !== undefined) return this.#project({ file, library });
    if (outline(text).appliances.length > 0) return this.#project({ file });
    for (const known of this.#projects.values())
      if (known.root.file !== file && known.sourceOf(file) !== undefined) return known;
    return this.#userOf(file) ?? this.#project({ file });
  }

  #project(root: Root): Project {
    const known = this.#projects.get(root.file);
    const sameLibrary =
      known &&
      ("library" in known.root ? known.root.library : undefined) ===
        ("library" in root ? root.library : undefined);
    if (known && sameLibrary) return known;
    const made = new Project(root, this.open, this.#libraries, this.#parsed);
    this.#projects.set(root.file, made);
    return made;
  }

  /** A description in the file's folder or above that uses it. */
  #userOf(file: string): Project | undefined {
    const name = basename(file);
    let folder = dirname(file);
    for (let level = 0; level < LEVELS; level++) {
      for (const candidate of descriptionsIn(folder)) {
        if (candidate === file) continue;
        const text = this.open.get(candidate)?.getText() ?? textOf(candidate);
        if (!text.includes(name) || outline(text).appliances.length === 0) continue;
        const project = this.#project({ file: candidate });
        if (project.sourceOf(file) !== undefined) return project;
        if (!this.open.has(candidate)) this.#projects.delete(candidate);
      }
      folder = dirname(folder);
    }
    return undefined;
  }
}

function descriptionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".appl"))
      .toSorted()
      .slice(0, FILES)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const libraryIn = (text: string): string | undefined => /^library[ \t]+([\w/-]+)/m.exec(text)?.[1];
