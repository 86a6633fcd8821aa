/** argv → command → exit code. The only file that ends the process, but for Ctrl-C at work (terminal.ts). */
import { cac } from "cac";
import type { Call, CommandRow } from "./command.ts";
import { commands } from "./commands.ts";
import { beSlowToOptimise } from "./edges/engine.ts";
import { CommandError, exit, usageError } from "./exit.ts";
import { commandHelp, helpText, versionText } from "./help.ts";
import { exampleOf } from "./hints.ts";
import { documented } from "./json.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { commandHint, extraHint, optionHint } from "./words.ts";

/** Runs one command line (without `node` and the script's name) and says how it ended. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    terminal.quiet();
    return report(error, argv.includes("--json"), terminal);
  } finally {
    terminal.quiet();
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = argv;
  if (first === undefined) {
    terminal.error(helpText());
    return exit.usage;
  }
  if (["version", "--version", "-v", "-V"].includes(first)) {
    terminal.out(versionText());
    return exit.done;
  }
  if (first === "help" || argv.includes("--help") || argv.includes("-h")) {
    terminal.out(helpFor(first === "help" ? argv[1] : first));
    return exit.done;
  }
  const row = rowOf(first);
  const { args, options } = parsed(row, argv.slice(1));
  const command = await row.load();
  const outcome = await command.run({ args, options, terminal });
  terminal.quiet();
  terminal.out(
    options["json"] === true ? printed(documented(command.json).parse(outcome.json)) : outcome.text,
  );
  return outcome.code;
}

const printed = (json: unknown): string => `${JSON.stringify(json, null, 2)}\n`;

const helpFor = (name: string | undefined): string =>
  name === undefined || name.startsWith("-") ? helpText() : commandHelp(rowOf(name));

function rowOf(name: string): CommandRow {
  const row = commands.find((each) => each.name === name);
  if (row !== undefined) return row;
  const what = name.startsWith("-") ? "option" : "command";
  throw usageError(`there is no ${what} \`${name}\``, commandHint(name));
}

/** The words after the command's name, by its row of the table. */
function parsed(row: CommandRow, words: readonly string[]): Pick<Call, "args" | "options"> {
  const cli = cac("appl");
  const command = cli.command(`${row.name} [...words]`);
  for (const { flags, text, repeated } of row.options)
    command.option(flags, text, repeated ? { type: [String] } : {});
  command.option("--json", "");
  let args: string[] = [];
  let options: Record<string, unknown> = {};
  command.action((given: readonly unknown[], asked: Record<string, unknown>) => {
    args = given.map(String);
    options = asked;
  });
  try {
    cli.parse(["node", "appl", row.name, ...words]);
  } catch (error) {
    // cac reports a wrong command line by throwing an error of this name.
    if (!(error instanceof Error) || error.name !== "CACError") throw error;
    // It writes `--dry-run` as `--dryRun`.
    const message = error.message.replace(/`--[a-z]+[A-Z][^` ]*`/, (name) =>
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    throw usageError(message, optionHint(/`(--?[^` ]+)`/.exec(message)?.[1] ?? "", row));
  }
  const missing = row.args[args.length];
  if (missing !== undefined && missing.optional !== true)
    throw usageError(`\`appl ${row.name}\` wants ${missing.shown}`, exampleOf(row));
  const extra = args[row.args.length];
  if (extra !== undefined && row.args.at(-1)?.many !== true)
    throw usageError(`\`appl ${row.name}\` has no use for \`${extra}\``, extraHint(extra, args, row));
  return { args, options };
}

/** One line for the person, what to do, and with `--json` the same as data on the other side. */
function report(error: unknown, json: boolean, terminal: Terminal): number {
  const { code, message, help } = failureOf(error);
  terminal.error(`appl: ${message}\n${help === undefined ? "" : `  ${help}\n`}`);
  if (code === exit.bug && process.env["APPL_TRACE"] === "1" && error instanceof Error)
    terminal.error(`${error.stack}\n`);
  if (json) terminal.out(printed({ ok: false, error: { code, text: message, help } }));
  return code;
}

function failureOf(error: unknown): Pick<CommandError, "code" | "message" | "help"> {
  if (error instanceof CommandError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // The code generator's word for a sound program that asks too much of the processor; it is loaded only where code is made.
  if (error instanceof Error && error.name === "UnsupportedError")
    return { code: exit.input, message, help: "another board, or a program without this, would do" };
  return {
    code: exit.bug,
    message: `this is our mistake: ${message.split("\n")[0]}`,
    help: "please report it with the description that caused it (APPL_TRACE=1 prints more)",
  };
}

/** This process is the command. */
async function runProcess(): Promise<void> {
  beSlowToOptimise();
  const terminal = processTerminal();
  // Whoever reads our output may stop reading: `appl inspect … | head -1`.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : exit.bug));
  const surprise = (error: unknown) => process.exit(report(error, false, terminal));
  process.on("uncaughtException", surprise);
  process.on("unhandledRejection", surprise);
  process.exitCode = exit.bug; // if nothing is left to wait for, and no answer came
  process.exitCode = await main(process.argv.slice(2), terminal);
}

if (process.argv[1] !== undefined && /(?:^|[\\/])(?:appl|appl\.js|main\.ts)$/.test(process.argv[1]))
  void runProcess();
