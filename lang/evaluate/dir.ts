/** Folders that a description names: which of their files are taken, checked so that every machine would take the same. */
import type { DirCore } from "../check/core.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import type { Entry } from "../source/files.ts";
import { compareText } from "../values/compare.ts";
import { compileGlob, type Glob } from "../values/glob.ts";
import { quote } from "../values/print.ts";
import type { DirValue, FileValue, StrValue } from "../values/value.ts";
import { beside, wholePath } from "./file.ts";
import type { Machine } from "./machine.ts";
import { holdsPrivateKey } from "./private-key.ts";
import { recordLiteral } from "./record.ts";
import type { Stop } from "./stop.ts";
import { unfitName } from "./unfit-name.ts";

const limits = { files: 20_000, entries: 200_000, depth: 32, bytes: 256 * 1024 * 1024 };

interface Pattern {
  readonly glob: Glob;
  readonly value: StrValue;
  used: boolean;
}

/** Throws `Stop` if something in the folder cannot be part of an image. */
export function readFolder(core: DirCore, machine: Machine): DirValue {
  const path = wholePath(core.path, core.pathSpan, machine);
  const { fields } = recordLiteral(core.settings, machine);
  const patterns = (name: "only" | "skip"): readonly Pattern[] => {
    const list = fields.get(name);
    return list?.kind === "list" ? list.items.map((it) => pattern(it as StrValue, core, machine)) : [];
  };
  return new Walk(core, path, patterns("only"), patterns("skip"), machine).result();
}

function pattern(value: StrValue, core: DirCore, machine: Machine): Pattern {
  const compiled = compileGlob(value.value);
  if (compiled.ok) return { glob: compiled.value, value, used: false };
  const { reason, instead } = compiled.fault;
  const span = value.span ?? core.span;
  const help: Help | undefined =
    instead === undefined
      ? undefined
      : { text: `write \`${quote(instead)}\``, edit: { span, text: quote(instead) } };
  throw machine.stop("E0317", span, { pattern: value.value, reason, instead: help });
}

class Walk {
  readonly #core: DirCore;
  readonly #top: string;
  readonly #only: readonly Pattern[];
  readonly #skip: readonly Pattern[];
  readonly #machine: Machine;
  readonly #found: [name: string, file: FileValue][] = [];
  /** Names with their folders as they would be where case does not count, with how they are written. */
  readonly #folded = new Map<string, string>();
  #entries = 0;
  #bytes = 0;

  constructor(
    core: DirCore,
    top: string,
    only: readonly Pattern[],
    skip: readonly Pattern[],
    machine: Machine,
  ) {
    this.#core = core;
    this.#top = top;
    this.#only = only;
    this.#skip = skip;
    this.#machine = machine;
  }

  result(): DirValue {
    const { around } = this.#machine;
    const { path, pathSpan, span } = this.#core;
    const entries = around.list(this.#top);
    if (!entries)
      throw this.#machine.stop("E0307", pathSpan, {
        what: "folder",
        path,
        looked: this.#top,
        is: around.read(this.#top) ? "file" : undefined,
        beside: beside(this.#top, around),
      });
    this.#folder(entries, "", "", [""]);
    this.#warn();
    const files = new Map(this.#found.toSorted(([a], [b]) => compareText(a, b)));
    return { kind: "dir", path: this.#top, files, weight: 16 + 64 * files.size, span };
  }

  /** `real` is where the folder is when links are followed, `shown` where the description sees it; `above` are the real ones around it. */
  #folder(entries: readonly Entry[], real: string, shown: string, above: readonly string[]): void {
    if (above.length > limits.depth)
      throw this.#tooMuch(`the folders in it are ${above.length} deep`, limits.depth);
    for (const entry of entries.toSorted((a, b) => compareText(a.name, b.name))) {
      if (++this.#entries > limits.entries)
        throw this.#tooMuch(
          "it has too many files and folders, also those that are left out",
          limits.entries,
        );
      this.#entry(entry, real, join(shown, entry.name.normalize("NFC")), above);
    }
  }

  #entry(entry: Entry, folder: string, shown: string, above: readonly string[]): void {
    const inFolder = entry.kind === "folder";
    if (this.#skips(shown, inFolder) || !this.#takes(shown, inFolder)) return;
    const { name, kind, target } = entry;
    const unfit = unfitName(name) ?? (kind === "other" || kind === "lost" ? unfitKinds[kind] : undefined);
    if (unfit) throw this.#unfit(shown, unfit);
    const real = target === undefined ? join(folder, name) : inside(folder, target);
    if (real === undefined) throw this.#unfit(shown, `a link out of the folder, to \`${target}\``);
    if (!inFolder) return this.#file(real, shown, entry.executable);
    if (target !== undefined && above.some((it) => it === real || it.startsWith(`${real}/`) || real === ""))
      throw this.#unfit(shown, "a link to a folder that it is in: it would never end");
    const inner = this.#machine.around.list(join(this.#top, real));
    if (!inner) throw this.#unfit(shown, "cannot be read");
    this.#folder(inner, real, shown, [...above, real]);
  }

  #file(real: string, shown: string, executable: boolean): void {
    const { around } = this.#machine;
    const path = join(this.#top, real);
    const bytes = around.read(path);
    if (!bytes) throw this.#unfit(shown, "cannot be read");
    this.#claim(shown);
    if (holdsPrivateKey(bytes))
      throw this.#machine.stop("E0312", this.#core.pathSpan, { path: this.#core.path, inside: shown });
    this.#bytes += bytes.length;
    if (this.#bytes > limits.bytes)
      throw this.#tooMuch("its files have more bytes than fit", `${limits.bytes >> 20} MiB`);
    this.#found.push([shown, { kind: "file", path, bytes, executable, span: this.#core.span }]);
    if (this.#found.length > limits.files) throw this.#tooMuch("it has too many files", limits.files);
  }

  /** Two names that some file system takes for one are a fault wherever it is found. */
  #claim(shown: string): void {
    for (let end = shown.indexOf("/"); ; end = shown.indexOf("/", end + 1)) {
      const name = end === -1 ? shown : shown.slice(0, end);
      const folded = name.toUpperCase().toLowerCase();
      const other = this.#folded.get(folded);
      if (other !== undefined && (other !== name || end === -1))
        throw this.#unfit(
          shown,
          other === name
            ? "another name in there looks the same"
            : `differs from \`${other}\` only by upper and lower case`,
          false,
        );
      this.#folded.set(folded, name);
      if (end === -1) return;
    }
  }

  #skips(shown: string, folder: boolean): boolean {
    const matching = this.#skip.filter(({ glob }) => (folder ? glob.takesAllOf(shown) : glob.takes(shown)));
    for (const it of matching) it.used = true;
    return this.#spent(matching.length > 0, shown);
  }

  #takes(shown: string, folder: boolean): boolean {
    if (this.#only.length === 0) return true;
    const matching = this.#only.filter(({ glob }) => (folder ? glob.mayTakeFrom(shown) : glob.takes(shown)));
    if (!folder) for (const it of matching) it.used = true;
    return this.#spent(matching.length > 0, shown);
  }

  #spent<T>(result: T, shown: string): T {
    this.#machine.spend(1 + ((shown.length * (this.#only.length + this.#skip.length)) >> 3), this.#core.span);
    return result;
  }

  /** A pattern that does nothing is often one that was meant for all folders. */
  #warn(): void {
    const { path, pathSpan } = this.#core;
    const said = { path, deeper: undefined, empty: false };
    if (this.#found.length === 0)
      return this.#machine.warn("W0301", pathSpan, { ...said, pattern: "", which: "only", empty: true });
    for (const [which, patterns] of [
      ["only", this.#only],
      ["skip", this.#skip],
    ] as const)
      for (const { glob, value, used } of patterns) {
        if (used) continue;
        const deeper = which === "skip" ? this.#deeper(glob.text) : undefined;
        if (which === "only" || deeper)
          this.#machine.warn("W0301", value.span ?? pathSpan, { ...said, pattern: glob.text, which, deeper });
      }
  }

  #deeper(text: string): { readonly pattern: string; readonly count: number } | undefined {
    if (text.includes("/")) return undefined;
    const pattern = `**/${text}`;
    const glob = compileGlob(pattern);
    const count = glob.ok ? this.#found.filter(([name]) => glob.value.takes(name)).length : 0;
    return count === 0 ? undefined : { pattern, count };
  }

  #unfit(inside: string, reason: string, skip = true): Stop {
    const { path, pathSpan } = this.#core;
    return this.#machine.stop("E0316", pathSpan, { path, inside, reason, skip });
  }

  #tooMuch(what: string, limit: number | string): Stop {
    return this.#machine.stop("E0309", this.#core.pathSpan, {
      what: `\`${this.#core.path}\`: ${what}`,
      limit: String(limit),
    });
  }
}

const unfitKinds = {
  other: "neither a file nor a folder",
  lost: "a link to nothing, or out of everything that may be read",
};

const join = (folder: string, name: string): string =>
  folder === "" || folder === "." ? name : name === "" ? folder : `${folder}/${name}`;

/** Where a link leads; undefined if that is outside. */
function inside(folder: string, target: string): string | undefined {
  const names = folder === "" ? [] : folder.split("/");
  for (const name of target.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join("/");
}
