/** `appl lsp`: the language server protocol over standard input and output. */
import {
  CodeActionKind,
  type Connection,
  createConnection,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { version } from "../version.ts";
import { type Abilities, answers } from "./answers.ts";
import { FIX_ALL } from "./edits.ts";
import { pathOf } from "./places.ts";
import { Publisher } from "./publish.ts";
import { Workspace } from "./workspace.ts";

/** Never ends by itself: the client's `exit`, or the end of its messages, ends the process. */
export async function serve(): Promise<never> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  listen(connection);
  return new Promise(() => undefined);
}

function listen(connection: Connection): void {
  const workspace = new Workspace();
  const publisher = new Publisher(connection, workspace);
  const documents = new TextDocuments(TextDocument);
  const abilities: Abilities = { snippets: false };
  connection.onInitialize(({ capabilities: client }): InitializeResult => {
    abilities.snippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
    return { capabilities, serverInfo: { name: "appl", version } };
  });
  const changed = (uri: string, document: TextDocument | undefined) => {
    const file = pathOf(uri);
    if (file === undefined) return;
    workspace.changed(file, document);
    publisher.soon();
  };
  documents.onDidChangeContent(({ document }) => changed(document.uri, document));
  documents.onDidClose(({ document }) => changed(document.uri, undefined));
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const file = pathOf(uri);
      if (file !== undefined) workspace.changed(file, workspace.open.get(file));
    }
    publisher.soon();
  });
  answers(connection, workspace, abilities);
  documents.listen(connection);
  connection.listen();
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  completionProvider: { triggerCharacters: [".", "/", '"', "="] },
  signatureHelpProvider: { triggerCharacters: ["(", ","] },
  documentSymbolProvider: true,
  documentFormattingProvider: true,
  renameProvider: { prepareProvider: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
};
