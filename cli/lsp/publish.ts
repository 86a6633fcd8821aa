/** Sends diagnostics when something has changed: of all descriptions that are open, for all their files. */
import type { Connection, Diagnostic } from "vscode-languageserver/node";
import { outline } from "#lang";
import { Located } from "./located.ts";
import { pathOf, uriOf } from "./places.ts";
import type { Project } from "./project.ts";
import { toProtocol } from "./report.ts";
import type { Workspace } from "./workspace.ts";

/** Waiting for more changes is worth it where looking takes longer than a person notices, in milliseconds. */
const SLOW = 100;
const PAUSE = 200;

export class Publisher {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  /** What the client was told, as text, by URI; of a document that is open, for which version of it. */
  readonly #told = new Map<string, string>();
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #spent = 0;

  constructor(connection: Connection, workspace: Workspace) {
    this.#connection = connection;
    this.#workspace = workspace;
  }

  /** Once all messages that are there have been read. */
  soon(): void {
    if (this.#timer) clearTimeout(this.#timer as NodeJS.Timeout);
    this.#timer = setTimeout(() => this.now(), this.#spent > SLOW ? PAUSE : 0);
  }

  now(): void {
    this.#timer = undefined;
    const start = performance.now();
    const found = this.#all();
    this.#spent = performance.now() - start;
    for (const uri of [...this.#told.keys()]) if (!found.has(uri)) found.set(uri, []);
    for (const [uri, diagnostics] of found) {
      const version = this.#versionOf(uri);
      const text = JSON.stringify([version, diagnostics]);
      if (this.#told.get(uri) === text) continue;
      if (diagnostics.length === 0 && version === undefined) this.#told.delete(uri);
      else this.#told.set(uri, text);
      void this.#connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
    }
  }

  /** Undefined if the document is not open. */
  #versionOf(uri: string): number | undefined {
    const file = pathOf(uri);
    return file === undefined ? undefined : this.#workspace.open.get(file)?.version;
  }

  #all(): Map<string, Diagnostic[]> {
    const found = new Map<string, Diagnostic[]>();
    for (const file of this.#workspace.open.keys()) found.set(uriOf(file), []);
    for (const project of this.#workspace.projects())
      for (const [uri, diagnostics] of diagnosticsOf(project, this.#workspace)) {
        const known = found.get(uri) ?? [];
        const texts = new Set(known.map((each) => JSON.stringify(each)));
        found.set(uri, [...known, ...diagnostics.filter((each) => !texts.has(JSON.stringify(each)))]);
      }
    return found;
  }
}

/** What is wrong with a description, by file. */
function diagnosticsOf(project: Project, { open }: Workspace): Map<string, Diagnostic[]> {
  const located = new Located(project, open);
  const found = new Map<string, Diagnostic[]>();
  for (const each of project.analysis.diagnostics) {
    if (each.code === "E0116" && !hasAppliance(project, open)) continue;
    const { uri } = located.place(each.primary.span);
    const known = found.get(uri);
    const made = toProtocol(each, located);
    if (known) known.push(made);
    else found.set(uri, [made]);
  }
  return found;
}

/** A file without one may be a part of others that nobody has found. */
const hasAppliance = ({ root }: Project, open: Workspace["open"]): boolean =>
  outline(open.get(root.file)?.getText() ?? "").appliances.length > 0;
