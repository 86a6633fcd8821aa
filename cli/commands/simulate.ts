import * as z from "zod";
import type { Diagnostic } from "#lang";
import { Capture, SECOND, Simulation, Trace, Trap } from "#simulate";
import { type Call, command, type Outcome } from "../command.ts";
import { today } from "../edges/today.ts";
import { CommandError, exit, inputError, usageError } from "../exit.ts";
import { reasonOf } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import { outputGiven, writeFiles } from "../output.ts";
import {
  buildSubject,
  jsonDiagnostics,
  paramsOf,
  printDiagnostics,
  type Subject,
  subjectsOf,
} from "../session.ts";
import { asksOf } from "../simulate/asks.ts";
import { type Built, type Network, networkOf } from "../simulate/network.ts";
import { conditionsOf, cutsOf, numberOption, texts, timeOption } from "../simulate/options.ts";
import { keeps, report, reported, textOf } from "../simulate/report.ts";
import type { Terminal } from "../terminal.ts";

const result = z.object({
  ok: z.boolean().describe("It was simulated, and every question was answered"),
  target: z.string(),
  appliances: z.array(z.string()),
  diagnostics: z.array(diagnostic),
  simulation: reported.optional().describe("Missing if the description has mistakes"),
});
type Result = z.output<typeof result>;

const USUAL = 10 * SECOND;
/** What is shown of a longer run is its end. */
const MOST_EVENTS = 100_000;

export const simulate = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options, terminal } = call;
  const conditions = conditionsOf(options);
  const duration = timeOption(options, "for") ?? USUAL;
  const seed = numberOption(options, "seed", { least: 0, most: 0xffffffff }) ?? 1;
  const pcap = outputGiven(options["pcap"], args[0]!, "--pcap");
  const cuts = cutsOf(options["cut"]);
  const subjects = oneTarget(subjectsOf(args[0]!, paramsOf(options["param"])), args[0]!);
  const { builds, diagnostics } = await buildAll(subjects, terminal, options["locked"] === true);
  const said = {
    target: subjects[0]!.target,
    appliances: builds.map((each) => each.report.appliance),
    diagnostics: jsonDiagnostics(diagnostics, subjects[0]!),
  };
  if (builds.length < subjects.length) return { code: exit.input, json: { ok: false, ...said }, text: "" };
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation, { keep: keeps(options["trace"] === true), most: MOST_EVENTS });
  const capture = pcap === undefined ? undefined : new Capture(simulation);
  const network = networkOf(simulation, builds, conditions);
  const asks = asksOf(texts(options["ask"]), network, simulation);
  schedule(simulation, network, cuts);
  try {
    for (const machine of network.machines) machine.switchOn();
    simulation.run(duration);
  } catch (error) {
    throw error instanceof Trap ? trapped(error, trace, terminal) : error;
  } finally {
    if (pcap !== undefined) writeCapture(pcap, capture!);
  }
  const ran = report({ simulation, network, asks, trace });
  const ok = ran.asks.every(({ answered }) => answered);
  return {
    code: ok ? exit.done : exit.input,
    json: { ok, ...said, simulation: ran },
    text: textOf(trace, ran),
  };
});

/** All appliances on one target. */
function oneTarget(subjects: readonly Subject[], reference: string): readonly Subject[] {
  const targets = [...new Set(subjects.map(({ target }) => target))];
  if (targets.length > 1)
    throw usageError(
      `\`${reference}\` names ${targets.length} targets, and one is simulated`,
      `say which: ${targets.map((target) => `${reference}@${target}`).join(", ")}`,
    );
  return subjects;
}

async function buildAll(
  subjects: readonly Subject[],
  terminal: Terminal,
  locked: boolean,
): Promise<{ readonly builds: readonly Built[]; readonly diagnostics: readonly Diagnostic[] }> {
  const builds: Built[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const subject of subjects) {
    // As the next build will be; only that build writes into the lock.
    const options = { locked, simulated: true, ...(!locked && { day: today() }) };
    const each = await buildSubject(subject, terminal, options);
    printDiagnostics(each.diagnostics, subject, terminal);
    diagnostics.push(...each.diagnostics);
    if (each.built !== undefined) builds.push(each.built);
  }
  return { builds, diagnostics };
}

function schedule(simulation: Simulation, { lines }: Network, cuts: ReturnType<typeof cutsOf>): void {
  const names = [...new Set(lines.map(({ appliance }) => appliance))];
  for (const { appliance, from, to } of cuts) {
    if (appliance !== undefined && !names.includes(appliance))
      throw usageError(`--cut names no appliance: \`${appliance}\``, `appliances: ${names.join(", ")}`);
    for (const { cable, appliance: owner } of lines) {
      if (appliance !== undefined && owner !== appliance) continue;
      simulation.at(from, () => cable.cut());
      simulation.at(to, () => cable.heal());
    }
  }
}

function writeCapture(path: string, capture: Capture): void {
  try {
    writeFiles([[path, capture.bytes()]]);
  } catch (error) {
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`, "choose another place with --pcap");
  }
}

/** What came before is what one wants to see. */
function trapped(error: Trap, trace: Trace, terminal: Terminal): CommandError {
  terminal.error(`${trace.lines().join("\n")}\n`);
  return new CommandError(
    exit.bug,
    error.message,
    "please report it with the description and the command line: it happens again every time",
  );
}
