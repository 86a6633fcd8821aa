import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Backend } from "#backends";
import type { Built } from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { CommandError, exit, inputError, usageError } from "../exit.ts";
import { diagnostic } from "../json.ts";
import { type Publication, parsePublication } from "../publish.ts";
import { buildSubject, jsonDiagnostics, printDiagnostics, subjectOf } from "../session.ts";
import type { Terminal } from "../terminal.ts";

const result = z.object({ ok: z.boolean(), target: z.string(), diagnostics: z.array(diagnostic) });
type Result = z.output<typeof result>;

const MACHINES = ["microvm", "q35", "pc"] as const;
const SMALLEST = 4;
const LARGEST = 1 << 20;

export const run = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options, terminal } = call;
  const publications = publicationsOf(options["publish"]);
  const machine = machineOf(options["machine"]);
  const memory = memoryOf(options["memory"]);
  const subject = subjectOf(args[0]!);
  const { diagnostics, built } = await buildSubject(subject, terminal);
  printDiagnostics(diagnostics, subject, terminal);
  const target = subject.backend.name;
  const said = { target, diagnostics: jsonDiagnostics(diagnostics, subject) };
  if (built === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  const emulator = subject.backend.run;
  if (emulator === undefined) await runHere(built, publications, terminal);
  else await runIn(emulator, built, { publish: publications, machine, memory });
  return { code: exit.done, json: { ok: true, ...said }, text: "" };
});

function publicationsOf(given: unknown): Publication[] {
  const texts = (Array.isArray(given) ? given : given === undefined ? [] : [given]).filter(
    (text) => text !== undefined && text !== "undefined",
  );
  return texts.map((text) => {
    const publication = parsePublication(String(text));
    if (publication === undefined)
      throw usageError(
        `--publish \`${text}\` is not of the form [ADDRESS:]HOST:GUEST[/udp]`,
        "for example --publish 5353:53/udp",
      );
    return publication;
  });
}

function machineOf(given: unknown): string {
  if (given === undefined) return MACHINES[0];
  if (MACHINES.some((machine) => machine === given)) return String(given);
  throw usageError(`there is no machine \`${given}\``, `machines: ${MACHINES.join(", ")}`);
}

function memoryOf(given: unknown): number {
  if (given === undefined) return 64;
  const memory = Number(given);
  if (Number.isInteger(memory) && memory >= SMALLEST && memory <= LARGEST) return memory;
  throw usageError(`--memory wants whole MiB, at least ${SMALLEST}, and not \`${given}\``);
}

async function runHere(
  { image, report }: Built,
  publications: readonly Publication[],
  terminal: Terminal,
): Promise<void> {
  const { startHost } = await import("../run/host.ts");
  const host = await startHost({ wasm: image, publications, write: (text) => terminal.out(text) });
  terminal.error(`${report.appliance}@host answers on ${host.listening.join(", ")}; Ctrl-C ends it\n`);
  const stop = () => host.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await host.ended;
  } catch (error) {
    throw new CommandError(
      exit.bug,
      `the appliance trapped: ${error instanceof Error ? error.message : String(error)}`,
      "please report it with the description and what was asked",
    );
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

type Emulator = NonNullable<Backend["run"]>;

/** The console is this terminal; the machine's end, however it comes, is the command's. */
async function runIn(
  emulator: Emulator,
  { image }: Built,
  options: Omit<Parameters<Emulator>[0], "image">,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "appl-run-"));
  const path = join(folder, "image.elf");
  writeFileSync(path, image);
  const { program, args, install } = emulator({ image: path, ...options });
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  const stop = () => void child.kill("SIGTERM");
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (status, signal) => resolve(signal === null ? (status ?? 0) : 0));
    });
    if (code !== 0)
      throw inputError(
        `${program} ended with ${code}`,
        "what it said stands above; is a published port in use?",
      );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw inputError(
        `${program} is not here`,
        `install it: ${install}; or run FILE@host, which needs no emulator`,
      );
    throw error;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    rmSync(folder, { recursive: true, force: true });
  }
}
