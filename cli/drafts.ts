/** Texts that are to be written, and are read already as if they were there. */
import { realpathSync } from "node:fs";
import { writeText } from "./edges/write-text.ts";
import { inputError } from "./exit.ts";
import { readText } from "./inputs.ts";
import type { ProjectFiles } from "./lock/project-files.ts";
import type { Subject } from "./session.ts";
import { shownPath } from "./session.ts";

const MARK = "\ufeff";

interface Draft {
  /** As a person calls it. */
  readonly file: string;
  readonly was: Uint8Array;
  readonly text: string;
}

/** By the real path of the file; texts are without a byte order mark, which the file keeps. */
export class Drafts {
  readonly #kept = new Map<string, Draft>();
  #tried: ReadonlyMap<string, string> = new Map();

  /** The files of a subject, with the drafts in the place of what is on the disk. */
  over({ files, folder }: Pick<Subject, "files" | "folder">): ProjectFiles {
    return {
      ...files,
      read: (path) => {
        const bytes = files.read(path);
        if (bytes === undefined || this.#kept.size + this.#tried.size === 0) return bytes;
        const place = placeOf(path, { files, folder });
        const text = this.#tried.get(place) ?? this.#kept.get(place)?.text;
        return text === undefined ? bytes : new TextEncoder().encode(text);
      },
    };
  }

  /** What `look` sees with these texts, too. */
  during<T>(texts: ReadonlyMap<string, string>, look: () => T): T {
    this.#tried = texts;
    try {
      return look();
    } finally {
      this.#tried = new Map();
    }
  }

  keep(place: string, file: string, text: string): void {
    const was = this.#kept.get(place)?.was ?? readText(file);
    this.#kept.set(place, { file, was, text });
  }

  /** Nothing is written if one of the files is another than the one that was looked at. */
  write(): void {
    const drafts = [...this.#kept.values()];
    for (const { file, was } of drafts)
      if (!Buffer.from(readText(file)).equals(was))
        throw inputError(`\`${file}\` was changed meanwhile, and is as it was`, "run `appl fix` again");
    for (const { file, was, text } of drafts) writeText(file, hasMark(was) ? MARK + text : text);
    this.#kept.clear();
  }
}

const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Where a file of a subject really lies: several names may lead to it. */
export function placeOf(source: string, subject: Pick<Subject, "files" | "folder">): string {
  const shown = shownPath(source, subject);
  try {
    return realpathSync(shown);
  } catch {
    return shown;
  }
}
