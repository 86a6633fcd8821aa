/** The `appl` command inside of the tests' process: what it printed and how it ended. */
import { main } from "../cli/main.ts";
import { recordingTerminal } from "../cli/terminal.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function appl(...argv: readonly string[]): Promise<Ran> {
  const terminal = recordingTerminal();
  const code = await main(argv, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

/** Runs it and wants success; the result of `--json`. */
export async function applJson<T = Record<string, unknown>>(...argv: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await appl(...argv, "--json");
  if (code !== 0) throw new Error(`appl ${argv.join(" ")} ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}
