/** The client: starts `appl lsp`, and says what to do if there is none. */
import { commands, type ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("appl.restart", restart),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("appl.path")) void restart();
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const command = workspace.getConfiguration("appl").get<string>("path", "appl");
  const made = new LanguageClient(
    "appl",
    "appl",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: [{ scheme: "file", language: "appl" }],
      synchronize: { fileEvents: workspace.createFileSystemWatcher("**/{*.appl,appl.lock}") },
    },
  );
  client = made;
  try {
    await made.start();
  } catch {
    client = undefined;
    const chosen = await window.showErrorMessage(
      `appl: \`${command} lsp\` could not be started. Install appl, or say where it is in the setting appl.path.`,
      "Open the setting",
    );
    if (chosen === "Open the setting")
      await commands.executeCommand("workbench.action.openSettings", "appl.path");
  }
}
