import * as z from "zod";
import { Capture, SECOND, Simulation, Trace, Trap } from "#simulate";
import { type Call, command, type Outcome } from "../command.ts";
import { CommandError, exit, inputError, usageError } from "../exit.ts";
import { reasonOf } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import { outputGiven, writeFiles } from "../output.ts";
import { givenLines } from "../run/given.ts";
import { jsonDiagnostics, paramsOf, printDiagnostics, type Subject, subjectsOf } from "../session.ts";
import { asksOf, Unclear } from "../simulate/asks.ts";
import { buildAll } from "../simulate/build.ts";
import { scheduleCuts } from "../simulate/cuts.ts";
import { networkOf } from "../simulate/network.ts";
import { conditionsOf, cutsOf, numberOption, texts, timeOption } from "../simulate/options.ts";
import { keeps, report, reported, textOf } from "../simulate/report.ts";
import { scheduleSets } from "../simulate/script.ts";
import { trapTrace } from "../simulate/trap.ts";

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
  const params = paramsOf(options["param"]);
  const named = subjectsOf(args[0]!, params).map((each) => ({ ...each, startsMachines: true }));
  const subjects = oneTarget(named, args[0]!);
  const { builds: built, diagnostics } = await buildAll(subjects, terminal, options["locked"] === true);
  printDiagnostics(diagnostics, subjects[0]!, terminal);
  const given = { params, secrets: options["secret"], slots: options["slots"] };
  const reports = built.map(({ report: each }) => each);
  const builds = built.map((each) => ({ ...each, given: givenLines(given, each.report, reports) }));
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
  const asks = asking(() =>
    asksOf(
      texts(options["ask"]).map((text) => ({ text })),
      network,
      simulation,
    ),
  );
  asking(() => scheduleCuts(simulation, network, cuts));
  asking(() => scheduleSets(simulation, network.things, texts(options["set"])));
  try {
    for (const machine of network.machines) machine.switchOn();
    // What a sensor is told later is looked at then.
    asking(() => simulation.run(duration));
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    // What came before is what one wants to see.
    terminal.error(`${trace.lines().join("\n")}\n${await trapTrace(error, builds)}`);
    throw new CommandError(
      exit.bug,
      error.message,
      "please report it with the description and the command line: it happens again every time",
    );
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

/** What is asked for and cannot be is a mistake of the command line. */
function asking<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof Unclear ? usageError(error.message, error.help) : error;
  }
}

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

function writeCapture(path: string, capture: Capture): void {
  try {
    writeFiles([[path, capture.bytes()]]);
  } catch (error) {
    throw inputError(`cannot write \`${path}\`: ${reasonOf(error)}`, "choose another place with --pcap");
  }
}
