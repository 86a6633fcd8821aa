/** Questions by `dig` of BIND, which is not ours. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** All that dig prints. A question that gets lost is asked again. */
export async function dig(port: number, ...question: readonly string[]): Promise<string> {
  const { stdout } = await run("dig", ["@127.0.0.1", "-p", String(port), "+time=2", "+tries=3", ...question]);
  return stdout;
}

/** Only the values. */
export async function digShort(port: number, ...question: readonly string[]): Promise<string> {
  const lines = (await dig(port, "+short", ...question)).split("\n");
  // What begins so is about a question that had to be asked again.
  return lines.filter((line) => line !== "" && !line.startsWith(";;")).join("\n");
}
