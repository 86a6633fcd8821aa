/** Random writing: no request may fail, nothing may hang, and in the end everything is as if the text had been there from the beginning. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  HoverRequest,
  type Position,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SignatureHelpRequest,
} from "vscode-languageserver/node";
import { backends } from "#backends";
import { machinesOf } from "#compiler";
import { configure } from "#lang";
import { nodeFiles } from "../cli/edges/node-files.ts";
import { standardLibraries } from "../lang/test/standard-libraries.ts";
import { Client } from "./lsp-client.ts";

const EDITS = Number(process.env["APPL_FUZZ"] ?? 60);
/** A request that takes longer hangs; machines may be slow. */
const PATIENCE = 20_000;

let client: Client;
beforeAll(async () => {
  client = await new Client().start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr).toBe("");
});

/** Numbers that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const scraps = [
  "",
  "",
  "",
  " ",
  "\n",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  '"',
  '"""',
  "${",
  "#",
  "=",
  ".",
  "->",
  "x",
  "let ",
  "when ",
  "net ",
  "1h",
  "10.0.0.0/8",
  "use std/",
  "override ",
  "\r\n",
  "😀",
  "\ufeff",
  "\u0000",
];

const answered = <T>(asked: string, answer: Promise<T>): Promise<T | undefined> =>
  Promise.race([
    answer,
    new Promise<never>((_, fail) =>
      setTimeout(() => fail(new Error(`${asked} was not answered`)), PATIENCE).unref(),
    ),
  ]).catch((error: Error & { code?: number }) => {
    // what cannot be renamed is refused, and that is an answer
    if (asked.includes("ename") && error.code === -32803) return undefined;
    throw new Error(`${asked}: ${error.message}`);
  });

async function askEverything(uri: string, position: Position): Promise<void> {
  const at = { textDocument: { uri }, position };
  const { connection } = client;
  const options = { tabSize: 2, insertSpaces: true };
  const context = { diagnostics: [...(client.diagnostics.get(uri) ?? [])] };
  await Promise.all([
    answered("hover", connection.sendRequest(HoverRequest.type, at)),
    answered("definition", connection.sendRequest(DefinitionRequest.type, at)),
    answered(
      "references",
      connection.sendRequest(ReferencesRequest.type, { ...at, context: { includeDeclaration: true } }),
    ),
    answered("highlight", connection.sendRequest(DocumentHighlightRequest.type, at)),
    answered("completion", connection.sendRequest(CompletionRequest.type, at)),
    answered("signature", connection.sendRequest(SignatureHelpRequest.type, at)),
    answered("prepareRename", connection.sendRequest(PrepareRenameRequest.type, at)),
    answered("rename", connection.sendRequest(RenameRequest.type, { ...at, newName: "other" })),
    answered("symbols", connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })),
    answered(
      "formatting",
      connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options }),
    ),
    answered(
      "actions",
      connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: position, end: position },
        context,
      }),
    ),
  ]);
}

/** What a run finds that sees the text for the first time. */
function fresh(folder: string, name: string, text: string): readonly string[] {
  const files = nodeFiles(folder);
  const bytes = new TextEncoder().encode(text);
  const { diagnostics } = configure({
    path: name,
    files: { ...files, read: (path) => (path === name ? bytes : files.read(path)) },
    libraries: standardLibraries,
    machines: machinesOf(backends),
    everywhere: true,
  });
  return diagnostics
    .filter(({ primary }) => primary.span.source === name)
    .map(({ code, text: said }) => `${code} ${said}`);
}

test.each(["router/router.appl", "dns/dns.appl", "greenhouse/greenhouse.appl"])("%s", async (path) => {
  const file = resolve(import.meta.dirname, "../examples", path);
  const next = random(path.length);
  let uri = await client.open(file, readFileSync(file, "utf8"));
  for (let n = 0; n < EDITS; n++) {
    if (n % 20 === 19) uri = await client.open(file, readFileSync(file, "utf8"));
    const document = client.documents.get(uri)!;
    const { length } = document.getText();
    const start = next(length + 1);
    const end = Math.min(length, start + [0, 0, 1, 2, 8, 60][next(6)]!);
    await client.change(
      uri,
      { start: document.positionAt(start), end: document.positionAt(end) },
      scraps[next(scraps.length)]!,
    );
    if (n % 3 === 0) {
      const changed = client.documents.get(uri)!;
      const near =
        next(3) === 0
          ? next(changed.getText().length + 1)
          : Math.min(start + next(4), changed.getText().length);
      await askEverything(uri, changed.positionAt(near));
    }
  }
  const text = client.text(uri);
  const [folder, name] = [file.slice(0, file.lastIndexOf("/")), file.slice(file.lastIndexOf("/") + 1)];
  const want = fresh(folder, name, text);
  const found = await client.settled(uri);
  expect(
    found
      .filter(({ code }) => code !== "E0116")
      .map(({ code, message }) => `${code} ${String(message).split("\n")[0]}`),
  ).toEqual(want.filter((each) => !each.startsWith("E0116")).map((each) => each.split("\n")[0]));
  await client.close(uri);
});
