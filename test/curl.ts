/** curl, of this machine. */
import { spawn } from "node:child_process";

/** What it prints. It fails if curl does, with its words. */
export function curl(...args: string[]): Promise<Buffer> {
  const child = spawn("curl", ["-sS", "-m", "60", "--noproxy", "*", ...args]);
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => errors.push(bytes));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve(Buffer.concat(out)) : reject(new Error(Buffer.concat(errors).toString())),
    );
  });
}
