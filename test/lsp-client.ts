/** A client of `appl lsp` for tests: the real command, the real protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { uriOf } from "../cli/lsp/places.ts";
import { program, requireBundle } from "./cli-process.ts";

export class Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly documents = new Map<string, TextDocument>();
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  /** The exit code, when there is one. */
  readonly ended: Promise<number | null>;
  stderr = "";
  readonly #versions = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  initialized: InitializeResult | undefined;

  constructor() {
    requireBundle();
    this.process = spawn(process.execPath, [program, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
    this.process.stderr!.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout!),
      new StreamMessageWriter(this.process.stdin!),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics, version }) => {
      this.diagnostics.set(uri, diagnostics);
      if (version !== undefined) this.#versions.set(uri, version);
      for (const go of this.#waiting.splice(0)) go();
    });
    this.connection.listen();
    this.ended = new Promise((done) => this.process.once("exit", done));
  }

  /** The answer, or an error if the server has ended before. */
  async #orEnd<T>(answer: Promise<T>): Promise<T> {
    const ended = this.ended.then((code) => {
      throw new Error(`appl lsp ended with ${code}:\n${this.stderr}`);
    });
    return Promise.race([answer, ended]);
  }

  async start(capabilities: InitializeParams["capabilities"] = everything): Promise<this> {
    const params: InitializeParams = {
      processId: process.pid,
      rootUri: null,
      capabilities,
      workspaceFolders: null,
    };
    this.initialized = await this.#orEnd(this.connection.sendRequest(InitializeRequest.type, params));
    await this.connection.sendNotification(InitializedNotification.type, {});
    return this;
  }

  async open(file: string, text: string): Promise<string> {
    const uri = uriOf(file);
    if (this.documents.has(uri)) await this.close(uri);
    this.#versions.delete(uri);
    this.documents.set(uri, TextDocument.create(uri, "appl", 1, text));
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: "appl", version: 1, text },
    });
    return uri;
  }

  /** A change of a part, as editors send it while one types. */
  async change(uri: string, range: Range | undefined, text: string): Promise<void> {
    const document = this.documents.get(uri)!;
    const version = document.version + 1;
    const contentChanges = [range ? { range, text } : { text }];
    this.documents.set(uri, TextDocument.update(document, contentChanges, version));
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async close(uri: string): Promise<void> {
    this.documents.delete(uri);
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  text(uri: string): string {
    return this.documents.get(uri)!.getText();
  }

  /** The position behind the `n`th occurrence of a text, or in it where `|` stands. */
  at(uri: string, marked: string, n = 1): { textDocument: { uri: string }; position: Position } {
    const bar = marked.includes("|") ? marked.indexOf("|") : marked.length;
    const sought = marked.replace("|", "");
    let offset = -1;
    for (let found = 0; found < n; found++) offset = this.text(uri).indexOf(sought, offset + 1);
    if (offset < 0) throw new Error(`there is no \`${sought}\` in ${uri}`);
    return { textDocument: { uri }, position: this.documents.get(uri)!.positionAt(offset + bar) };
  }

  /** Waits until the diagnostics of a document are so. */
  async until(
    uri: string,
    isSo: (diagnostics: readonly Diagnostic[]) => boolean,
    patience = 60_000,
  ): Promise<readonly Diagnostic[]> {
    const end = Date.now() + patience;
    for (;;) {
      const found = this.diagnostics.get(uri);
      if (found && isSo(found)) return found;
      if (Date.now() > end) throw new Error(`still ${JSON.stringify(found, undefined, 1)}\n${this.stderr}`);
      await new Promise<void>((go) => {
        const timer = setTimeout(go, 1000);
        this.#waiting.push(() => {
          clearTimeout(timer);
          go();
        });
      });
    }
  }

  /** The diagnostics of the newest version of a document. */
  settled(uri: string): Promise<readonly Diagnostic[]> {
    return this.until(uri, () => this.#versions.get(uri) === this.documents.get(uri)!.version);
  }

  /** The text of a range of a document. */
  cut(uri: string, range: Range): string {
    return this.documents.get(uri)!.getText(range);
  }

  /** Ends the server as clients do; gives its exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await this.ended;
    this.connection.dispose();
    return code;
  }
}

const everything: InitializeParams["capabilities"] = {
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
    publishDiagnostics: { relatedInformation: true },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
  },
};
