/** Runs an image in the emulator of its target; the console is this terminal. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Backend } from "#backends";
import type { Built } from "#compiler";
import { inputError } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { placeOf, requireFree, requireProtocols } from "./ports.ts";

type Emulator = NonNullable<Backend["run"]>;

export interface EmulatorRun {
  readonly options: Omit<Parameters<Emulator>[0], "image" | "guest">;
  readonly terminal: Terminal;
  /** Standard output is for the result: the console goes to the other side. */
  readonly quietOutput: boolean;
}

/** Returns when the machine has ended, however that came. */
export async function runIn(emulator: Emulator, { image, report }: Built, run: EmulatorRun): Promise<void> {
  requireProtocols(run.options.publish, report);
  await requireFree(run.options.publish);
  const folder = mkdtempSync(join(tmpdir(), "appl-run-"));
  const path = join(folder, `${report.appliance}.${report.image.extension}`);
  try {
    writeFileSync(path, image);
    const { program, args, install } = emulator({ image: path, ...run.options, guest: guestOf(report) });
    const console = run.quietOutput ? 2 : "inherit";
    const ports = run.options.publish.map(placeOf).join(", ");
    run.terminal.error(
      `${report.appliance}@${report.target} ${ports === "" ? "starts; without --publish nothing here leads to it" : `is reached on ${ports}`}; Ctrl-C ends it\n`,
    );
    const child = spawn(program, args, { stdio: ["ignore", console, "pipe"] });
    await ended(child, { program, install }, run.terminal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The address that the first `net` block has. */
function guestOf({ modules }: Built["report"]): string | undefined {
  const [first] = modules.find(({ path }) => path === "std/net")?.settings ?? [];
  return first?.options["address"]?.split("/")[0];
}

async function ended(
  child: ChildProcess,
  { program, install }: { readonly program: string; readonly install: string },
  terminal: Terminal,
): Promise<void> {
  let asked = false;
  const stop = () => {
    asked = true;
    child.kill("SIGTERM");
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // That it was ended by a signal is no news for the one who sent it; Ctrl-C reaches it and us in any order.
  const farewell: string[] = [];
  createInterface({ input: child.stderr! }).on("line", (line) => {
    if (line.includes("terminating on signal")) farewell.push(line);
    else terminal.error(`${line}\n`);
  });
  try {
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (...how) => resolve(how));
    });
    if (!asked) for (const line of farewell) terminal.error(`${line}\n`);
    if (!asked && code !== 0)
      throw inputError(`${program} ended with ${signal ?? code}`, "what it said stands above");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw inputError(
      `${program} is not here`,
      `install it: ${install}; or run FILE@host, which needs no emulator`,
    );
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
