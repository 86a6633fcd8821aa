/** Packages out of repositories, by the `git` program: what a commit holds, byte for byte, without a work tree in between. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Source } from "#lang";
import { type CommandError, inputError } from "../exit.ts";

export type GitSource = Extract<Source, { kind: "git" }>;

export interface Fetched<S extends Source = Source> {
  /** Where it came from, exactly. */
  readonly source: S;
  /** By path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The commit that the source names, else what its `ref` leads to now. */
export function fetchGit(source: GitSource): Fetched<GitSource> {
  const folder = mkdtempSync(join(tmpdir(), "appl-git-"));
  try {
    const repository = new Repository(folder, source.url);
    const commit = repository.fetch(source.commit ?? source.ref ?? "HEAD");
    const ref = source.ref ?? (source.commit === undefined ? "HEAD" : undefined);
    return { source: { ...source, ref, commit }, files: repository.files(commit) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const limits = { files: 4096, bytes: 32 * 1024 * 1024, output: 48 * 1024 * 1024, ms: 300_000 };

class Repository {
  readonly #folder: string;
  readonly #url: string;

  constructor(folder: string, url: string) {
    this.#folder = folder;
    this.#url = url;
    this.#git(["init", "--quiet", "--bare", "--template=", "."]);
  }

  /** The whole name of the commit. */
  fetch(wanted: string): string {
    const direct = this.#try(["fetch", "--quiet", "--no-tags", "--depth=1", "--", this.#url, wanted]);
    if (direct.done) return this.#commit("FETCH_HEAD");
    // A part of a commit's name is known to who has all commits only, and not every server gives a single one.
    if (!/^[0-9a-f]{4,64}$/.test(wanted)) throw this.#failure(direct.said);
    const all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    this.#git(["fetch", "--quiet", "--no-tags", "--", this.#url, ...all]);
    return this.#commit(wanted);
  }

  #commit(name: string): string {
    const { done, output } = this.#try([
      "rev-parse",
      "--verify",
      "--quiet",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    if (!done)
      throw inputError(`\`${this.#url}\` has no commit \`${name}\``, "git ls-remote shows what it has");
    return output.toString("latin1").trim();
  }

  files(commit: string): ReadonlyMap<string, Uint8Array> {
    const entries = this.#git(["ls-tree", "-r", "-z", "-l", "--full-tree", commit])
      .toString("utf8")
      .split("\0")
      .filter((line) => line !== "")
      .map(entryOf)
      .filter(({ path }) => !isHidden(path));
    const odd = entries.find(({ mode }) => !/^100(?:644|755)$/.test(mode));
    if (odd)
      throw inputError(
        `\`${odd.path}\` is ${oddities[odd.mode] ?? "no file"}: a package is made of ordinary files`,
      );
    if (entries.length > limits.files || entries.reduce((sum, { size }) => sum + size, 0) > limits.bytes)
      throw inputError(
        `there is more in \`${this.#url}\` than fits into a package`,
        "a package has at most 4096 files and 32 MiB",
      );
    const input = entries.map(({ object }) => `${object}\n`).join("");
    const contents = new Contents(this.#git(["cat-file", "--batch"], input));
    return new Map(entries.map(({ path }) => [path, contents.next()]));
  }

  #git(args: readonly string[], input = ""): Buffer {
    const { done, output, said } = this.#try(args, input);
    if (!done) throw this.#failure(said);
    return output;
  }

  #try(args: readonly string[], input = ""): { done: boolean; output: Buffer; said: string } {
    const { status, stdout, stderr, error } = spawnSync("git", args, {
      cwd: this.#folder,
      input,
      maxBuffer: limits.output,
      timeout: limits.ms,
      // Its words are looked at, and nobody is there to be asked for a password.
      env: { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_DIR: this.#folder },
    });
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code === "ENOENT")
      throw inputError(
        "`git` is not on this machine, and a source `git+…` is fetched with it",
        "install it (apt-get install git), or take an archive: https://….tar.gz",
      );
    if (code !== undefined) throw inputError(`git did not come to an end with \`${this.#url}\`: ${code}`);
    return { done: status === 0, output: stdout, said: stderr.toString("utf8") };
  }

  #failure(said: string): CommandError {
    const lines = said.split("\n").filter((line) => line.trim() !== "");
    const reason = (
      lines.find((line) => /^(?:fatal|error): /.test(line)) ??
      lines[0] ??
      "no reason given"
    ).replace(/^\w+: /, "");
    return inputError(
      `git cannot fetch \`${this.#url}\`: ${reason}`,
      "without the network nothing can be fetched, and nothing needs to be for a build",
    );
  }
}

const oddities: Readonly<Record<string, string>> = {
  "120000": "a symbolic link",
  "160000": "another repository",
};

/** Of other tools: `.github/x`, `a/.gitignore`. */
export const isHidden = (path: string): boolean => path.split("/").some((name) => name.startsWith("."));

interface Entry {
  readonly mode: string;
  readonly object: string;
  readonly size: number;
  readonly path: string;
}

/** `100644 blob 8d1f…     123\tgeo.appl` */
function entryOf(line: string): Entry {
  const tab = line.indexOf("\t");
  const [mode = "", , object = "", size = ""] = line.slice(0, tab).split(/ +/);
  return { mode, object, size: Number(size) || 0, path: line.slice(tab + 1) };
}

/** What `cat-file --batch` prints: for each object a line `NAME blob SIZE`, its bytes, and a line feed. */
class Contents {
  readonly #output: Buffer;
  #at = 0;

  constructor(output: Buffer) {
    this.#output = output;
  }

  next(): Uint8Array {
    const end = this.#output.indexOf(0x0a, this.#at);
    const size = Number(this.#output.toString("latin1", this.#at, end).split(" ")[2]);
    if (end < 0 || !Number.isSafeInteger(size))
      throw new Error("BUG: git said something else than asked for");
    const start = end + 1;
    this.#at = start + size + 1;
    return new Uint8Array(this.#output.subarray(start, start + size));
  }
}
