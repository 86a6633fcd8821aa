/** argv → command → exit code. The only file that ends the process. */
import { cac } from "cac";
import type { Call, CommandRow } from "./command.ts";
import { commands } from "./commands.ts";
import { CommandError, exit } from "./exit.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

/** Runs one command line (without `node` and the script's name) and says how it ended. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal);
  } catch (error) {
    terminal.quiet();
    return report(error, terminal);
  } finally {
    terminal.quiet();
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const cli = cac("appl");
  let chosen: { row: CommandRow; args: string[]; options: Record<string, unknown> } | undefined;
  for (const row of commands) {
    const command = cli.command(`${row.name} ${row.args}`.trim(), row.text);
    for (const { flags, text, repeated } of row.options)
      command.option(flags, text, repeated ? { type: [String] } : {});
    command.option("--json", "Print the result as JSON (docs/commands.md)");
    for (const example of row.examples) command.example(example);
    command.action((...given: unknown[]) => {
      const options = given.at(-1) as Record<string, unknown>;
      const args = given
        .slice(0, -1)
        .filter((arg) => arg !== undefined)
        .map(String);
      chosen = { row, args, options };
    });
  }
  cli.help();
  cli.version(version);
  if (argv.length === 0) {
    cli.outputHelp();
    return exit.usage;
  }
  const parsed = cli.parse(["node", "appl", ...argv]);
  if (chosen === undefined) {
    if (parsed.options["help"] === true || parsed.options["version"] === true) return exit.done;
    throw new CommandError(
      exit.usage,
      `there is no command \`${parsed.args[0] ?? argv[0]}\``,
      nearestCommand(String(parsed.args[0] ?? "")),
    );
  }
  const { row, args, options } = chosen;
  const command = await row.load();
  const call: Call = { args, options, terminal };
  const outcome = await command.run(call);
  terminal.quiet();
  terminal.out(
    options["json"] === true
      ? `${JSON.stringify(command.json.parse(outcome.json), null, 2)}\n`
      : outcome.text,
  );
  return outcome.code;
}

function nearestCommand(name: string): string {
  const near = commands.find((row) => row.name.startsWith(name.slice(0, 2)) && name !== "");
  const list = `commands: ${commands.map((row) => row.name).join(", ")}`;
  return near === undefined ? list : `did you mean \`appl ${near.name}\`? ${list}`;
}

function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommandError) {
    terminal.error(`appl: ${error.message}\n${error.help === undefined ? "" : `  ${error.help}\n`}`);
    return error.code;
  }
  // cac reports a wrong command line by throwing an error of this name.
  if (error instanceof Error && error.name === "CACError") {
    terminal.error(`appl: ${error.message}\n  appl --help lists commands and options\n`);
    return exit.usage;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.error(
    `appl: this is our mistake: ${message.split("\n")[0]}\n  please report it with the description that caused it (APPL_TRACE=1 prints more)\n`,
  );
  if (process.env["APPL_TRACE"] === "1" && error instanceof Error) terminal.error(`${error.stack}\n`);
  return exit.bug;
}

if (process.argv[1] !== undefined && /(?:^|[\\/])(?:appl|appl\.js|main\.ts)$/.test(process.argv[1])) {
  process.exitCode = await main(process.argv.slice(2), processTerminal());
}
