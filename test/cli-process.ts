/** The bundled `appl`, in a process of its own, as a user starts it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Ran } from "./command.ts";

const root = resolve(import.meta.dirname, "..");
export const program = join(root, "dist", "appl.js");

/** Bundles if what is there is older than its sources; one at a time, since the tests' files run side by side. */
export function requireBundle(): void {
  const lock = join(root, "node_modules", ".appl-bundling");
  for (let tries = 0; !taken(lock) && tries < 200; tries++)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    bundleIfOlder();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function taken(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function bundleIfOlder(): void {
  const sources = ["cli", "lang", "compiler", "backends"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
      .map((path) => statSync(join(root, folder, path)).mtimeMs),
  );
  if (existsSync(program) && statSync(program).mtimeMs > Math.max(...sources)) return;
  const { status, stderr } = spawnSync(process.execPath, ["tools/bundle.mjs"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

export interface Where {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

export function applProcess(argv: readonly string[], { cwd = root, env = {}, input }: Where = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
    timeout: 180_000,
  });
  return { code: status ?? -1, stdout, stderr };
}

/** The same, while this process goes on. */
export async function applBeside(
  argv: readonly string[],
  { cwd = root, env = {} }: Where = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...argv], { cwd, env: { ...process.env, ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes) => {
    stdout += bytes;
  });
  child.stderr.on("data", (bytes) => {
    stderr += bytes;
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code: code ?? -1, stdout, stderr };
}

export interface Running {
  readonly child: ChildProcess;
  readonly text: () => { readonly stdout: string; readonly stderr: string };
  /** Waits until either output matches. */
  waitFor(pattern: RegExp): Promise<void>;
  /** When it has ended by itself, or by a signal: how. */
  readonly ended: Promise<Ran>;
  /** Sends the signal to it and to all that it started, as a terminal does; how it ended. */
  end(signal: "SIGINT" | "SIGTERM"): Promise<Ran>;
}

export function startAppl(argv: readonly string[]): Running {
  // A group of its own, which the signal is sent to.
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes) => {
    text.stdout += bytes;
  });
  child.stderr.on("data", (bytes) => {
    text.stderr += bytes;
  });
  const ended = new Promise<Ran>((done) =>
    child.once("close", (code) => done({ code: code ?? -1, ...text })),
  );
  return {
    child,
    text: () => text,
    ended,
    async waitFor(pattern) {
      const limit = performance.now() + 60_000;
      while (!pattern.test(text.stdout + text.stderr)) {
        if (child.exitCode !== null || performance.now() > limit)
          throw new Error(`no ${pattern} in:\n${text.stdout}\n${text.stderr}`);
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    async end(signal) {
      process.kill(-child.pid!, signal);
      return ended;
    },
  };
}
