/** Runs an image in the emulator of its target; the console is this terminal. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Backend } from "#backends";
import type { Built } from "#compiler";
import { inputError } from "../exit.ts";
import { devicesOf } from "../net-blocks.ts";
import type { Terminal } from "../terminal.ts";
import { linesOf, TrapReader } from "./console.ts";
import { programWith } from "./emulators.ts";
import { guestOf, reachedOn, withImage } from "./image.ts";
import { requireFree, requireProtocols } from "./ports.ts";

type Emulator = NonNullable<Backend["run"]>;

export interface EmulatorRun {
  readonly options: Omit<Parameters<Emulator>[0], "image" | "guest" | "nics">;
  readonly terminal: Terminal;
  /** Standard output is for the result: the console goes to the other side. */
  readonly quietOutput: boolean;
}

/** Returns when the machine has ended, however that came. */
export async function runIn(emulator: Emulator, { image, report }: Built, run: EmulatorRun): Promise<void> {
  requireProtocols(run.options.publish, report);
  await requireFree(run.options.publish);
  await withImage(image, report, async (path) => {
    const { program, machine, args, files, install } = emulator({
      image: path,
      bytes: image,
      ...run.options,
      guest: guestOf(report, run.options.given),
      nics: devicesOf(report),
    });
    for (const file of files ?? []) writeFileSync(file.path, file.bytes);
    const { terminal } = run;
    const console = new TrapReader(await linesOf(report), run.quietOutput ? terminal.error : terminal.out);
    terminal.error(reachedOn(report, run.options.publish));
    const found = machine === undefined ? program : programWith(program, machine);
    // Branches with machines of their own end the console with their standard input: it stays open.
    const input = machine === undefined ? "ignore" : "pipe";
    const child = spawn(found ?? program, args, { stdio: [input, "pipe", "pipe"] });
    child.stdout!.on("data", (bytes: Buffer) => console.read(bytes));
    await ended(child, { program, install }, terminal);
  });
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
