/** Which of our commands was meant: by a slip of the finger, or by somebody who comes from another tool. */
import { didYouMean } from "#lang";
import type { CommandRow } from "./command.ts";
import { commands } from "./commands.ts";

/** What other tools call it. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  check: ["adapt", "config", "configure", "lint", "validate"],
  build: ["compile", "create", "develop", "generate", "image", "make"],
  eval: ["print", "repl"],
  run: ["boot", "dev", "launch", "logs", "serve", "start", "up"],
  simulate: ["emulate", "sim", "twin"],
  diff: ["compare", "changes", "plan"],
  fix: ["autofix", "migrate", "modernize", "repair", "upgrade-syntax"],
  fmt: ["beautify", "format", "pretty", "tidy"],
  init: ["begin", "new", "scaffold"],
  flash: ["burn", "program", "write-flash", "write_flash"],
  monitor: ["console", "idf-monitor", "serial", "terminal"],
  inspect: ["describe", "dump", "info", "list", "ls", "show"],
  lock: ["fetch", "get", "pin", "update", "upgrade", "vendor"],
  verify: ["audit", "fsck"],
  gc: ["clean", "collect-garbage", "prune"],
  hash: ["digest", "sha256", "sha256sum"],
  why: ["depends", "trace", "why-depends"],
};

const IMAGE =
  "`appl build` writes the image, which any hypervisor of its target boots; `appl flash` writes it into a board";

/** Asked for everywhere, and not here (docs/limits.md). */
const absent: Readonly<Record<string, string>> = {
  deploy: IMAGE,
  install:
    "there is nothing to install: a description names what it uses with `use`, and `appl lock add` fetches packages",
  reload: "what an appliance does is in its image: build another one",
  stop: "Ctrl-C ends `appl run`",
  upload: IMAGE,
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

const TARGET = "the target stands behind the file: FILE@TARGET";
const PARAM = "a param gets its value by -p NAME=VALUE";
const PORT = "a port is led there by --publish 5353:53/udp";

/** What other tools say with an option, and we in another way. */
const options: Readonly<Record<string, string>> = {
  "--appliance": "the appliance stands behind the file: FILE:APPLIANCE",
  "--arch": TARGET,
  "--arg": PARAM,
  "--argstr": PARAM,
  "--config": "the file stands by itself, without an option",
  "--define": PARAM,
  "--dry-run": "`appl check` finds every mistake and writes nothing",
  "--expr": "an expression is given by -e EXPR",
  "--file": "the file stands by itself, without an option",
  "--forward": PORT,
  "--out": "the image's name is given by -o FILE",
  "--platform": TARGET,
  "--port": PORT,
  "--set": PARAM,
  "--substitution": PARAM,
  "--target": TARGET,
  "--var": PARAM,
  "-D": PARAM,
  "-f": "the file stands by itself, without an option",
  "-s": PARAM,
  "-t": TARGET,
};

/** A line of help for an option that `row` has not. */
export function optionHint(word: string, row: CommandRow): string {
  const flags = [
    ...row.options.flatMap((option) => option.flags.match(/--?[a-z]+/g) ?? []),
    "--json",
    "--help",
  ];
  const said = Object.hasOwn(options, word) ? options[word]! : undefined;
  const [named] = said?.match(/(?<= )--?[a-z]+/) ?? [];
  if (said !== undefined && (named === undefined || flags.includes(named))) return said;
  const meant = didYouMean(word, flags);
  return `${meant === undefined ? "" : `${meant} `}appl ${row.name} --help lists options`;
}

/** A line of help for `extra`, a word too many behind `args`. */
export function extraHint(extra: string, [first]: readonly string[], row: CommandRow): string {
  const isDescription = row.args[0]?.kind === "description";
  if (isDescription && /\.appl(?:[:@]|$)/.test(extra)) return "one description at a time";
  if (
    /\.(?:elf|wasm|img|bin|iso|raw)$/.test(extra) &&
    row.options.some(({ flags }) => flags.startsWith("-o,"))
  )
    return `the image's name is given by -o ${extra}`;
  const usage = `usage: appl ${[row.name, ...row.args.map(({ shown }) => shown)].join(" ")}`;
  const isTarget = isDescription && /^[a-z][a-z0-9_-]*$/.test(extra) && first?.includes("@") === false;
  return isTarget ? `${usage}, with a target ${first}@${extra}` : usage;
}
