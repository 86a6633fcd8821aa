/** The extension: it packages without a network, and its grammar colours as the golden files say (`npm run bless` rewrites them). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { loadWASM, OnigScanner, OnigString } from "vscode-oniguruma";
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from "vscode-textmate";
import { SourceText } from "../../lang/source/text.ts";
import { lex } from "../../lang/syntax/lexer.ts";
import { grammar, grammarPath } from "../../tools/textmate.ts";

const repository = resolve(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

async function load(): Promise<IGrammar> {
  await loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(grammar(), grammarPath),
  });
  return (await registry.loadGrammar("source.appl"))!;
}

const loaded = load();

interface Piece {
  readonly line: number;
  readonly start: number;
  readonly text: string;
  /** The innermost scope that is not punctuation of the whole. */
  readonly scope: string;
}

async function pieces(text: string): Promise<readonly Piece[]> {
  const by = await loaded;
  const found: Piece[] = [];
  let stack = INITIAL;
  text.split("\n").forEach((line, at) => {
    const { tokens, ruleStack } = by.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const piece = line.slice(startIndex, endIndex);
      if (piece.trim() !== "")
        found.push({
          line: at,
          start: startIndex,
          text: piece.trim(),
          scope: scopes.at(-1)!.replace(/\.appl$/, ""),
        });
    }
  });
  return found;
}

test("everything has its colour", async () => {
  const folder = resolve(import.meta.dirname, "test");
  const lines: string[] = [];
  for (const { line, text, scope } of await pieces(readFileSync(join(folder, "sample.appl"), "utf8")))
    lines.push(`${String(line + 1).padStart(3)}  ${scope.padEnd(34)} ${text}`);
  const shown = `${lines.join("\n")}\n`;
  const golden = join(folder, "sample.scopes");
  if (process.env["BLESS"] === "1") writeFileSync(golden, shown);
  expect(shown).toBe(readFileSync(golden, "utf8"));
});

const descriptions = ["examples", "stdlib", "backends"].flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".appl"))
    .map((name) => `${folder}/${name}`),
);

test.each(descriptions)("in %s every literal and every comment is one, in whole", async (name) => {
  const source = new SourceText(name, readFileSync(join(repository, name), "utf8"));
  const coloured = new Map(
    (await pieces(source.text)).map((it) => [`${it.line}:${it.start}`, `${it.scope} ${it.text}`]),
  );
  const { tokens, comments } = lex(source);
  const pieceAt = (offset: number) => {
    const line = source.lineAt(offset);
    return coloured.get(`${line}:${offset - source.lineStarts[line]!}`);
  };
  for (const { tokenType, startOffset, image } of tokens)
    if (tokenType.name.endsWith(" literal"))
      expect(pieceAt(startOffset)).toBe(`${pieceAt(startOffset)?.match(/^constant\S+/)?.[0]} ${image}`);
  for (const { span, doc } of comments)
    expect(pieceAt(span.start)).toBe(
      `comment.line.${doc ? "documentation" : "number-sign"} ${source.text.slice(span.start, span.end).trim()}`,
    );
});

test("holes of texts are expressions, also with texts in them", async () => {
  const found = await pieces('let a = "x ${f("y", 10.0.0.1)} z" # "\nlet b = r"#\\d" ## c\n');
  const scopeOf = (text: string) => found.find((it) => it.text === text)?.scope;
  expect(scopeOf("10.0.0.1")).toBe("constant.other.ip-address");
  expect(scopeOf("f")).toBe("entity.name.function");
  expect(found.filter(({ scope }) => scope.startsWith("comment")).map(({ text }) => text)).toEqual([
    '# "',
    "## c",
  ]);
  expect(scopeOf('r"#\\d"')).toBe("string.regexp");
});

test("the extension packages, and has what it needs and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "appl-vsix-"));
  try {
    const file = join(folder, "appl.vsix");
    execFileSync(process.execPath, ["tools/extension.mjs", file], { cwd: repository, stdio: "pipe" });
    const names = namesIn(readFileSync(file)).filter((name) => name.startsWith("extension/"));
    expect(names.toSorted()).toEqual([
      "extension/LICENSE.txt",
      "extension/dist/extension.cjs",
      "extension/icon.png",
      "extension/language-configuration.json",
      "extension/package.json",
      "extension/readme.md",
      "extension/syntaxes/appl.tmLanguage.json",
    ]);
    const client = readFileSync(join(repository, "editors/vscode/dist/extension.cjs"), "utf8");
    const asked = new Set(
      [...client.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!.replace(/^node:/, "")),
    );
    expect([...asked].filter((name) => name !== "vscode" && !builtinModules.includes(name))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** From the central directory of a zip file. */
function namesIn(zip: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = zip.readUInt32LE(zip.length - 22 + 16); zip.readUInt32LE(at) === 0x02014b50; ) {
    const [name, extra, comment] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    names.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}
