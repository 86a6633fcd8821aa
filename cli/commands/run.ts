import * as z from "zod";
import { backends } from "#backends";
import type { Built } from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { CommandError, exit, inputError, usageError } from "../exit.ts";
import { diagnostic } from "../json.ts";
import { buildCounting } from "../lock/count.ts";
import type { Publication } from "../publish.ts";
import { printReference } from "../reference.ts";
import { programWith } from "../run/emulators.ts";
import { type GivenLines, givenLines } from "../run/given.ts";
import { publicationsOf, requireProtocols } from "../run/ports.ts";
import {
  backendOf,
  jsonDiagnostics,
  paramsOf,
  printDiagnostics,
  type Subject,
  subjectOf,
} from "../session.ts";

const result = z.object({ ok: z.boolean(), target: z.string(), diagnostics: z.array(diagnostic) });
type Result = z.output<typeof result>;

const SMALLEST = 4;
const LARGEST = 1 << 20;

export const run = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options, terminal } = call;
  const publications = publicationsOf(options["publish"]);
  const machine = machineOf(
    options["machine"],
    backends.flatMap(({ machines = [], chips = {} }) => [...machines, ...Object.keys(chips)]),
  );
  const memory = memoryOf(options["memory"]);
  const params = paramsOf(options["param"]);
  const subject: Subject = { ...subjectOf(args[0]!, params), startsMachines: true };
  const { diagnostics, built } = await buildCounting(subject, terminal, {
    locked: options["locked"] === true,
  });
  printDiagnostics(diagnostics, subject, terminal);
  const { target } = subject;
  const said = { target, diagnostics: jsonDiagnostics(diagnostics, subject) };
  if (built === undefined) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  if (built.report.demands !== undefined && !hasChip(built)) return onOtherBoard(call, subject, built);
  const given = givenLines({ params, secrets: options["secret"], slots: options["slots"] }, built.report);
  const { run: emulator, isolate } = backendOf(built.report.backend);
  const quietOutput = options["json"] === true;
  if (emulator === undefined) refuseMachine(options, target);
  if (isolate !== undefined) {
    const { runProcess } = await import("../run/process.ts");
    await runProcess(built, { isolate, publish: publications, given, terminal, quietOutput });
  } else if (emulator === undefined) await runHere(built, publications, given, call);
  else {
    requireMachine(machine, built);
    const { runIn } = await import("../run/emulator.ts");
    await runIn(emulator, built, {
      options: {
        publish: publications,
        machine: machine ?? built.report.machine.emulator,
        memory: memory ?? memoryFor(built),
        bare: built.report.machine.bare,
        given,
      },
      terminal,
      quietOutput,
    });
  }
  return { code: exit.done, json: { ok: true, ...said }, text: "" };
});

/** Undefined: the usual one. */
function machineOf(given: unknown, known: readonly string[]): string | undefined {
  if (given === undefined) return undefined;
  if (known.some((machine) => machine === given)) return String(given);
  throw usageError(`there is no machine \`${given}\``, `machines: ${known.join(", ")}`);
}

/** MiB that the target says, as whole ones. */
const memoryFor = ({ report }: Built): number | undefined =>
  report.machine.memory === undefined ? undefined : Math.ceil(report.machine.memory / (1 << 20));

function memoryOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const memory = Number(given);
  if (Number.isInteger(memory) && memory >= SMALLEST && memory <= LARGEST) return memory;
  throw usageError(`--memory wants whole MiB, at least ${SMALLEST}, and not \`${given}\``);
}

function refuseMachine(options: Call["options"], target: string): void {
  for (const name of ["machine", "memory"])
    if (options[name] !== undefined)
      throw usageError(
        `--${name} is of a virtual machine, and \`${target}\` runs without one`,
        "@kvm has one",
      );
}

/** One that can run this image: the flash memory of a chip and the program for a board are different things. */
function requireMachine(asked: string | undefined, { report }: Built): void {
  const { machines = [] } = backendOf(report.backend);
  const { emulator } = report.machine;
  if (report.demands === undefined) machineOf(asked, machines);
  else if (asked !== undefined && asked !== emulator)
    throw usageError(`\`${asked}\` cannot run this image`, `it is for \`${emulator}\``);
}

/** Whether an emulator of the chip that the image is for is installed. */
function hasChip({ report }: Built): boolean {
  const { emulator } = report.machine;
  const program = emulator === undefined ? undefined : backendOf(report.backend).chips?.[emulator];
  return program !== undefined && programWith(program, emulator!) !== undefined;
}

/** The same appliance on the board that QEMU has for everyone, in the place of the chip. */
function onOtherBoard(call: Call, { reference }: Subject, { report }: Built): Promise<Outcome<Result>> {
  const other = printReference({ ...reference, appliance: report.appliance, target: report.backend });
  const isOther = report.target !== report.backend && !subjectOf(other).isDeclared;
  if (!isOther || call.options["machine"] !== undefined)
    throw inputError(
      `${report.appliance}@${report.target} is for the flash memory of a chip, and no QEMU here has that`,
      "`appl build` makes the file and `appl flash` writes it; Espressif's QEMU runs it, with its folder in APPL_QEMU_PATH or PATH",
    );
  call.terminal.error(
    `no QEMU here has the chip of ${report.target} (Espressif's has it: APPL_QEMU_PATH): it is ${other} that runs\n`,
  );
  return run.run({ ...call, args: [other] });
}

async function runHere(
  { image, report }: Built,
  publications: readonly Publication[],
  given: GivenLines,
  call: Call,
): Promise<void> {
  const { terminal, options } = call;
  const { startHost } = await import("../run/host.ts");
  requireProtocols(publications, report);
  const write = (text: string) => (options["json"] === true ? terminal.error(text) : terminal.out(text));
  const host = await startHost({ wasm: image, publications, given, write });
  terminal.error(`${report.appliance}@host answers on ${host.listening.join(", ")}; Ctrl-C ends it\n`);
  const stop = () => host.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await host.ended;
  } catch (error) {
    const { hostTrace } = await import("../run/host-trace.ts");
    const { linesOf } = await import("../run/console.ts");
    const { stack = "" } = error as Error;
    terminal.error(hostTrace(stack, image, await linesOf(report)));
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
