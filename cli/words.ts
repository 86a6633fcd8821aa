/** Which of our commands was meant: by a slip of the finger, or by somebody who comes from another tool. */
import { didYouMean } from "#lang";
import type { CommandRow } from "./command.ts";
import { commands } from "./commands.ts";

/** What other tools call it. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  check: ["adapt", "config", "configure", "lint", "validate"],
  build: ["compile", "create", "generate", "image", "make"],
  run: ["boot", "dev", "launch", "logs", "serve", "simulate", "start", "up"],
  diff: ["compare", "changes", "plan"],
  fmt: ["beautify", "format", "pretty", "tidy"],
  init: ["begin", "new", "scaffold"],
  inspect: ["describe", "dump", "info", "list", "ls", "show"],
  lock: ["fetch", "get", "pin", "update", "upgrade", "vendor"],
  verify: ["audit", "fsck"],
  gc: ["clean", "collect-garbage", "prune"],
  hash: ["digest", "sha256", "sha256sum"],
  why: ["depends", "trace", "why-depends"],
};

/** Asked for everywhere, and not here (docs/limits.md). */
const absent: Readonly<Record<string, string>> = {
  deploy: "`appl build` writes the image, which any hypervisor of its target boots",
  doc: "it is not there yet; options of the modules are in docs/modules/",
  install:
    "there is nothing to install: a description names what it uses with `use`, and `appl lock add` fetches packages",
  stop: "Ctrl-C ends `appl run`",
  test: "it is not there yet",
  upload: "`appl build` writes the image, which any hypervisor of its target boots",
};

/** A line of help for a word that is no command. */
export function commandHint(word: string): string {
  const names = commands.map(({ name }) => name);
  const list = `commands: ${names.join(", ")}; appl --help tells more`;
  if (/\.appl(?:[:@]|$)/.test(word)) return `did you mean \`appl build ${word}\`? ${list}`;
  const said = Object.hasOwn(absent, word) ? absent[word] : undefined;
  if (said !== undefined) return `${said}; ${list}`;
  const ours = names.find((name) => elsewhere[name]?.includes(word));
  const meant = ours === undefined ? didYouMean(word, names) : `here it is \`appl ${ours}\`;`;
  return meant === undefined ? list : `${meant} ${list}`;
}

/** What other tools say with an option and we say with `FILE[:APPLIANCE][@TARGET]`. */
const reference: Readonly<Record<string, string>> = {
  "--appliance": "the appliance stands behind the file: FILE:APPLIANCE",
  "--arch": "the target stands behind the file: FILE@TARGET",
  "--platform": "the target stands behind the file: FILE@TARGET",
  "--target": "the target stands behind the file: FILE@TARGET",
  "-t": "the target stands behind the file: FILE@TARGET",
};

/** A line of help for an option that `row` has not. */
export function optionHint(word: string, row: CommandRow): string {
  if (Object.hasOwn(reference, word)) return reference[word]!;
  const flags = [
    ...row.options.flatMap((option) => option.flags.match(/--?[a-z]+/g) ?? []),
    "--json",
    "--help",
  ];
  const meant = didYouMean(word, flags);
  return `${meant === undefined ? "" : `${meant} `}appl ${row.name} --help lists options`;
}
