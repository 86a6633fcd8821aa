/** What `--help` prints, made from the command table. */
import type { CommandRow, OptionRow } from "./command.ts";
import { commands } from "./commands.ts";
import { columns } from "./modules-report.ts";
import { version } from "./version.ts";

const everywhere: readonly OptionRow[] = [
  { flags: "--json", text: "Print the result as JSON (docs/commands.md)" },
  { flags: "-h, --help", text: "Print this" },
];

export const versionText = (): string =>
  `appl ${version} (node ${process.version}, ${process.platform}-${process.arch})\n`;

export function helpText(): string {
  return [
    `appl ${version}: one description in, one bootable image out\n`,
    "Usage: appl COMMAND …\n",
    `Commands:\n${columns(commands.map(({ name, text }) => [name, text]))}`,
    "What to work on is named FILE[:APPLIANCE][@TARGET]: ns1.appl, ns1.appl@kvm, dns.appl:ns2@host\n",
    "`appl init` begins a description; `appl COMMAND --help` tells more of a command\n",
  ].join("\n");
}

export function commandHelp(row: CommandRow): string {
  const options = [...row.options, ...everywhere].map(({ flags, text }) => [flags, text]);
  const examples = row.examples.map((each) => `  ${each}\n`).join("");
  return [
    `${row.text}\n`,
    `Usage: appl ${usage(row)}${row.options.length > 0 ? " [OPTIONS]" : ""}\n`,
    `Options:\n${columns(options)}`,
    `Examples:\n${examples}`,
  ].join("\n");
}

const usage = ({ name, args }: CommandRow): string => [name, ...args.map(({ shown }) => shown)].join(" ");
