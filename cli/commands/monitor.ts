import * as z from "zod";
import { contentsOf } from "#backends";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError } from "../exit.ts";
import { monitor as show } from "../flash/monitor.ts";
import { openPort, portNamed } from "../flash/port.ts";
import { readImage } from "../inputs.ts";
import { linesOfImage } from "../run/known-lines.ts";

const result = z.object({ ok: z.boolean(), port: z.string() });
type Result = z.output<typeof result>;

export const monitor = command(
  result,
  async ({ args, options, terminal }: Call): Promise<Outcome<Result>> => {
    const image = args[0] === undefined ? undefined : readImage(args[0]);
    if (image !== undefined && contentsOf(image) === undefined)
      throw inputError(
        `\`${args[0]}\` is no image made by appl`,
        "name the file that was written into the board; without one nothing is said of traps",
      );
    const lines = image && (await linesOfImage(image));
    if (image !== undefined && lines === undefined)
      terminal.error(
        `appl: the build of \`${args[0]}\` is not in this machine's cache, so nothing will be said of traps\n`,
      );
    const path = await portNamed(options["port"]);
    const port = await openPort(path);
    try {
      const opened = () => terminal.error(`the console on ${path}; Ctrl-C or Ctrl-] ends it\n`);
      const write = (text: string) => (options["json"] === true ? terminal.error(text) : terminal.out(text));
      await show(port, { lines, write, opened, reset: options["reset"] === true });
    } finally {
      await port.release();
    }
    return { code: exit.done, json: { ok: true, port: path }, text: "" };
  },
);
