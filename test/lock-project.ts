/** Folders with descriptions, packages and their locks, for tests. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./appliance.ts";
import { appl } from "./command.ts";

export const geo = (value: string) => `appl 1\nlibrary pkg/acme/geo\nlet web = ${value}\n`;

export const zone = (address: string, name = "example.com") =>
  `zone "${name}" { primary { soa { mname = "ns1"; rname = "hostmaster@${name}" } ns = ["ns1"] host "ns1" { address = [${address}] } } }`;

export const description = (zones: string, use = "", name = "ns1") =>
  `appl 1\nuse std/net\nuse std/dns\n${use}\nappliance ${name} { net eth0 { address = 10.0.2.15/24 } dns { ${zones} } }\n`;

/** A folder with these files. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    cwd,
    encoding: "utf8",
  });

/** A bare repository of the package with two versions as tags; `url` is how it is asked for. */
export function repository(): {
  readonly work: string;
  readonly url: string;
  readonly commits: readonly string[];
} {
  const work = project({ "geo.appl": geo("10.0.2.15"), ".gitignore": "x\n", "data/notes.txt": "one\n" });
  git(work, "init", "--quiet", "--initial-branch=main");
  git(work, "add", "--all");
  git(work, "commit", "--quiet", "--message=one");
  git(work, "tag", "v1.0.0");
  writeFileSync(join(work, "geo.appl"), geo("10.0.2.16"));
  git(work, "commit", "--quiet", "--all", "--message=two");
  git(work, "tag", "--annotate", "--message=two", "v1.1.0");
  const bare = join(temporaryFolder(), "geo.git");
  git(work, "clone", "--quiet", "--bare", ".", bare);
  git(work, "remote", "add", "origin", bare);
  const commits = ["v1.0.0", "v1.1.0"].map((tag) => git(work, "rev-parse", `${tag}^{commit}`).trim());
  return { work, url: `git+file://${bare}`, commits };
}

export const lockIn = (folder: string): string => readFileSync(join(folder, "appl.lock"), "utf8");
export const lineIn = (folder: string, name: string): string[] =>
  lockIn(folder)
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.split(/ +/) ?? [];
export const lock = (folder: string, ...args: string[]) => appl("lock", ...args, "--folder", folder);
