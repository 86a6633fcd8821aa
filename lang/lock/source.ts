/** Where a package comes from. */

export type Source = GitSource | ArchiveSource | PathSource;

/** `git+https://host/repository?ref=v1.2.0&rev=8d1f…`: what was asked for, and the commit that it meant. */
export interface GitSource {
  readonly kind: "git";
  /** Without `git+`. */
  readonly url: string;
  /** A tag, a branch or a commit as somebody wrote it; undefined: whatever the repository shows first. */
  readonly ref: string | undefined;
  /** 40 or 64 hexadecimal digits; undefined before it is known. */
  readonly commit: string | undefined;
}

/** `https://host/geo-1.2.0.tar.gz`. */
export interface ArchiveSource {
  readonly kind: "archive";
  readonly url: string;
}

/** `path:../geo`, seen from the folder of the lock. */
export interface PathSource {
  readonly kind: "path";
  readonly path: string;
}

const LONGEST = 2000;

/** Why it is no source; in words that complete "this is no source: …". */
export interface NoSource {
  readonly reason: string;
}

export function parseSource(text: string): Source | NoSource {
  if (text.length > LONGEST) return { reason: "it is too long" };
  const blank = /[\s\p{C}]/u.exec(text);
  if (blank) return { reason: "it has blanks or characters that cannot be seen" };
  if (text.startsWith("path:")) return path(text.slice("path:".length));
  if (/^git\+/.test(text)) return git(text.slice("git+".length));
  if (text.startsWith("https://")) return archive(text);
  if (text.startsWith("http://")) return { reason: "it is not encrypted: write `https://`" };
  return {
    reason: "it begins with none of `git+https://`, `git+ssh://`, `git+file://`, `https://`, `path:`",
  };
}

export function printSource(source: Source): string {
  switch (source.kind) {
    case "git": {
      const ref = source.ref === undefined ? "" : `ref=${source.ref}`;
      const rev = source.commit === undefined ? "" : `rev=${source.commit}`;
      const asked = [ref, rev].filter((part) => part !== "").join("&");
      return `git+${source.url}${asked === "" ? "" : `?${asked}`}`;
    }
    case "archive":
      return source.url;
    case "path":
      return `path:${source.path}`;
  }
}

export const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** A name that git can take for nothing else: no option, no range, no pattern. */
const isRef = (text: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9._/+-]{0,199}$/.test(text) &&
  !text.includes("..") &&
  !/[./]$|\.lock$|\/\//.test(text);

/** A `rev` that is no whole commit is a `ref` that is yet to be looked up: a user need not tell them apart. */
function git(text: string): Source | NoSource {
  const mark = text.indexOf("?");
  const url = mark < 0 ? text : text.slice(0, mark);
  if (!/^(?:https|ssh|file):\/\/[^?#]*[^?#/:]/.test(url))
    return { reason: "git is asked over `https`, `ssh` or `file`" };
  let [ref, commit]: (string | undefined)[] = [undefined, undefined];
  for (const part of mark < 0 ? [] : text.slice(mark + 1).split("&")) {
    const [, name, value] = /^(ref|rev)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      return {
        reason: `behind \`?\` stands \`rev=COMMIT\`, \`rev=TAG\` or \`ref=BRANCH\`, and not \`${part}\``,
      };
    if (!isRef(value)) return { reason: `\`${value}\` is no name of a commit, tag or branch` };
    const isRev = name === "rev" && isCommit(value);
    if ((isRev ? commit : ref) !== undefined) return { reason: `it has \`${name}\` twice` };
    if (isRev) commit = value;
    else ref = value;
  }
  return { kind: "git", url, ref, commit };
}

function archive(url: string): Source | NoSource {
  if (!/^https:\/\/[^/?#]+\/[^?#]*\.(?:tar\.gz|tgz)(?:\?[^#]*)?$/.test(url))
    return {
      reason:
        "an archive is `https://…` and ends with `.tar.gz` or `.tgz`; a repository begins with `git+https://`",
    };
  return { kind: "archive", url };
}

function path(text: string): Source | NoSource {
  if (text === "" || text.startsWith("/") || /^[A-Za-z]:/.test(text))
    return { reason: "behind `path:` stands a path as seen from the lock's folder: `path:../geo`" };
  if (text.includes("\\")) return { reason: "folders are separated by `/`" };
  return { kind: "path", path: text };
}
