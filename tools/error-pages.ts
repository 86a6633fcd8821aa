/**
 * The manual's pages about diagnostics, `docs/errors/CODE.md`: written by hand but for the heading and what the examples print.
 *
 * An `appl` block with a `text` block behind it is wrong, and gives this code and no other; one without is right, and gives nothing.
 * A block with a name (`zone example.org.zone`) is a file beside the examples that follow, until another has its name; behind the last example, beside all. The
 * language `latin1` makes it a file that is not UTF-8, and `x1000` behind the name one that says the same so often. A `sh` block is the command for all.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { backends } from "#backends";
import { configured } from "#compiler";
import { ParseMemory } from "#ide";
import { type Diagnostic, type Files, MemoryFiles, renderAll, Sources } from "#lang";
import { libraryFiles } from "../cli/edges/library-files.ts";
import { main } from "../cli/main.ts";
import { table } from "../cli/manual/markdown.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import { codes } from "./error-codes.ts";

const FOLDER = "docs/errors";
/** What the examples are called. */
const NAME = "box.appl";

export interface Page {
  readonly code: string;
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

interface Block {
  /** What stands behind the three backquotes. */
  readonly info: string;
  readonly content: string;
  /** Of `content` in the text. */
  readonly start: number;
  readonly end: number;
}

/** What an example gives. */
interface Result {
  readonly codes: readonly string[];
  readonly shown: string;
}

export const pageNames: readonly string[] = readdirSync(FOLDER)
  .filter((name) => /^[EW]\d{4}\.md$/.test(name))
  .map((name) => name.slice(0, -3));

export function readPage(code: string): Page {
  const path = `${FOLDER}/${code}.md`;
  const text = readFileSync(path, "utf8");
  return { code, path, text, blocks: blocksOf(text) };
}

function blocksOf(text: string): readonly Block[] {
  return [...text.matchAll(/^```(\S.*)\n((?:(?!```).*\n)*)```$/gm)].map(({ 1: info, 2: content, index }) => {
    const start = index + 3 + info!.length + 1;
    return { info: info!, content: content!, start, end: start + content!.length };
  });
}

/** The page as it should be, and what is wrong with its examples. Those that the language finds nothing in are left to `whole`. */
export function quick(page: Page): { readonly text: string; readonly problems: readonly string[] } {
  if (isSlow(page)) return { text: headed(page, page.text), problems: form(page) };
  return finished(page, (block) => configuredExample(page, block));
}

/** The same with all that `appl check` does, and with other commands. */
export async function whole(
  page: Page,
): Promise<{ readonly text: string; readonly problems: readonly string[] }> {
  const results = new Map<Block, Result>();
  for (const block of examples(page)) results.set(block, await commandedExample(page, block));
  return finished(page, (block) => results.get(block)!);
}

/** The language alone does not find it. */
export function isSlow(page: Page): boolean {
  const command = commandOf(page);
  if (command[0] !== "check") return true;
  return !wrongOnes(page).some((block) => configuredExample(page, block).codes.includes(page.code));
}

const examples = ({ blocks }: Page): readonly Block[] => blocks.filter(({ info }) => info === "appl");

/** Examples with their output, the `text` block that follows. */
function wrongOnes(page: Page): readonly Block[] {
  return examples(page).filter((block) => outputOf(page, block) !== undefined);
}

function outputOf({ blocks, text }: Page, block: Block): Block | undefined {
  const next = blocks[blocks.indexOf(block) + 1];
  return next?.info === "text" && /^```\s*```text\n$/.test(text.slice(block.end, next.start))
    ? next
    : undefined;
}

function headed({ code }: Page, text: string): string {
  return text.replace(/^(?:# .*\n)?/, `# ${code}: ${codes.get(code)?.title}\n`);
}

/** What a page has to have. */
function form(page: Page): string[] {
  const problems: string[] = [];
  const wrong = wrongOnes(page).length;
  if (wrong === 0) problems.push("has no wrong example (`appl`, then an empty `text` block)");
  if (examples(page).length === wrong) problems.push("has no right example (`appl`)");
  const prose = page.text.replace(/^```[\s\S]*?^```$/gm, "").replace(/^# .*\n/, "");
  if (prose.trim().length < 120) problems.push("does not say what it means");
  return problems;
}

function finished(page: Page, run: (block: Block) => Result): { text: string; problems: string[] } {
  const problems = form(page);
  let text = page.text;
  for (const block of examples(page).toReversed()) {
    const output = outputOf(page, block);
    const { codes: found, shown } = run(block);
    const said = [...new Set(found)].join(", ") || "nothing";
    const line = page.text.slice(0, block.start).split("\n").length;
    if (output && said !== page.code) problems.push(`the example of line ${line} gives ${said}`);
    if (!output && found.length > 0)
      problems.push(`the right example of line ${line} gives ${said}:\n${shown}`);
    if (output) text = text.slice(0, output.start) + shown + text.slice(output.end);
  }
  return { text: headed(page, text), problems };
}

// ------------------------------------------------------------------------------------------------ running examples

function filesOf(page: Page, example: Block): Readonly<Record<string, string | Uint8Array>> {
  const files: Record<string, string | Uint8Array> = { [NAME]: example.content };
  const last = examples(page).at(-1)!.start;
  for (const { info, content, start } of page.blocks) {
    const [, language, name, times = "1"] = /^(\w+) ([\w./-]+)(?: x(\d+))?$/.exec(info) ?? [];
    if (name === undefined || (start > example.start && start < last)) continue;
    const text = content.repeat(Number(times));
    files[name] = language === "latin1" ? Buffer.from(text, "latin1") : text;
  }
  return files;
}

/** The words of the page's command behind `appl`, its file being the example. */
function commandOf({ blocks }: Page): readonly string[] {
  const command = blocks.find(({ info }) => info === "sh")?.content.trim();
  return command === undefined ? ["check", NAME] : command.split(/\s+/).slice(1);
}

/** Texts of the libraries, which are the same for all examples, and read and parsed once. */
const ofLibraries = new Map<string, Uint8Array | undefined>();
const parsed = new ParseMemory();
const repository: Files = {
  read(path) {
    if (!ofLibraries.has(path)) ofLibraries.set(path, existsSync(path) ? readFileSync(path) : undefined);
    return ofLibraries.get(path);
  },
  list: () => undefined,
};

const known = new Map<string, Result>();

/** Each example once: what is slow is found out by trying. */
function configuredExample(page: Page, example: Block): Result {
  const key = JSON.stringify([filesOf(page, example), commandOf(page)]);
  const result = known.get(key) ?? configuredAnew(page, example);
  known.set(key, result);
  return result;
}

function configuredAnew(page: Page, example: Block): Result {
  const library = /^library (\S+)$/m.exec(example.content)?.[1];
  const texts = filesOf(page, example);
  const main = library === undefined ? NAME : "use.appl";
  const place = library?.replace(/^std\//, "stdlib/");
  const home = place && `${place}/${place.split("/").at(-1)}.appl`;
  const files = new MemoryFiles({ ...texts, "use.appl": `appl 1\nuse ${library}\nappliance box {}\n` });
  const words = commandOf(page);
  const [, appliance, target] = /^box\.appl(?::(\w+))?(?:@(\w+))?$/.exec(words[1] ?? "") ?? [];
  const { diagnostics } = configured({
    path: main,
    files,
    libraries: {
      ...repository,
      read: (path) => files.read(path === home ? NAME : path) ?? repository.read(path),
    },
    libraryFiles,
    backends,
    everywhere: true,
    appliance,
    target,
    locked: words.includes("--locked"),
    parsed,
    params: paramsOf(words),
  });
  const shown = diagnostics.map((it) => (home === undefined ? it : renamed(it, home)));
  const sources = new Sources({ read: (path) => files.read(path) ?? repository.read(path) });
  return { codes: diagnostics.map(({ code }) => code), shown: renderAll(shown, sources) };
}

/** A library that is the example is shown under the example's name. */
function renamed(diagnostic: Diagnostic, home: string): Diagnostic {
  return JSON.parse(
    JSON.stringify(diagnostic).replaceAll(JSON.stringify(home), JSON.stringify(NAME)),
  ) as Diagnostic;
}

function paramsOf(words: readonly string[]): Record<string, string> {
  const given = words.flatMap((word, n) =>
    words[n - 1] === "-p" ? [word.split("=") as [string, string]] : [],
  );
  return Object.fromEntries(given);
}

async function commandedExample(page: Page, example: Block): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "appl-page-"));
  try {
    for (const [name, text] of Object.entries(filesOf(page, example))) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const words = commandOf(page).map((word) => (word.startsWith(NAME) ? join(folder, word) : word));
    const output = words[0] === "build" ? ["-o", join(folder, "box.image")] : [];
    const terminal = recordingTerminal();
    await main([...words, ...output], terminal);
    const shown = terminal.stderr.replaceAll(`${folder}/`, "");
    return { codes: [...shown.matchAll(/^(?:error|warning)\[(\w+)\]/gm)].map(([, code]) => code!), shown };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// ------------------------------------------------------------------------------------------------ the index

const phases: readonly (readonly [from: string, to: string, title: string])[] = [
  ["00", "00", "Reading the text"],
  ["01", "01", "Names, packages and the lock"],
  ["02", "02", "Types"],
  ["03", "03", "Values, files, secrets"],
  ["04", "04", "Merging"],
  ["05", "05", "References"],
  ["06", "06", "Boards and targets"],
  ["07", "07", "What the description means: rules of the language and of libraries"],
  ["08", "08", "Budgets"],
];

/** `docs/errors/README.md`. */
export function errorIndex(): string {
  const parts = phases.flatMap(([from, to, title]) => {
    const own = [...codes].filter(([code]) => from <= code.slice(1, 3) && code.slice(1, 3) <= to);
    if (own.length === 0) return [];
    const rows = own.map(([code, { title: said }]) => [`[${code}](${code}.md)`, said]);
    return [`## ${title}`, table(["code", "what it says"], rows)];
  });
  return `${[
    "<!-- Generated by `npm run docs`. -->",
    "# Errors and warnings",
    "Each with what it means, a description that has the mistake, and one that has not. `appl explain-error CODE` shows the same. Codes with a `W` are warnings: a build goes on.",
    ...parts,
  ].join("\n\n")}\n`;
}

/** Codes without a page, and pages without a code. */
export function pageDebts(): readonly string[] {
  return [
    ...[...codes.keys()]
      .filter((code) => !pageNames.includes(code))
      .map(
        (code) =>
          `${code} has no page: write ${FOLDER}/${code}.md (CONTRIBUTING.md, "A diagnostic"), then npm run docs`,
      ),
    ...pageNames.filter((code) => !codes.has(code)).map((code) => `there is no ${code}: its page is to go`),
  ];
}
