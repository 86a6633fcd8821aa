import * as z from "zod";
import { contentsOf, type FlashContents, readFlashImage } from "#backends";
import type { Lines } from "#compiler";
import { type Call, command, type Outcome } from "../command.ts";
import { exit, inputError, usageError } from "../exit.ts";
import { monitor } from "../flash/monitor.ts";
import { BAUD, openPort, portNamed } from "../flash/port.ts";
import { Rom } from "../flash/rom.ts";
import { withValues } from "../flash/values.ts";
import { mebibytes, requireFits, writeParts } from "../flash/write.ts";
import { lookAt, readImage } from "../inputs.ts";
import { diagnostic } from "../json.ts";
import { buildCounting } from "../lock/count.ts";
import { linesOf } from "../run/console.ts";
import { type GivenLines, givenLines, linesFrom } from "../run/given.ts";
import { linesOfImage } from "../run/known-lines.ts";
import { jsonDiagnostics, paramsOf, printDiagnostics, type Subject, subjectOf } from "../session.ts";

const result = z.object({
  ok: z.boolean(),
  diagnostics: z.array(diagnostic),
  port: z.string().optional(),
  chip: z.string().optional().describe("What is on the port: `ESP32`"),
  mac: z.string().optional().describe("The first of the chip's hardware addresses"),
  flash: z.number().optional().describe("Bytes of the chip's flash memory"),
  parts: z
    .array(
      z.object({
        name: z.string(),
        offset: z.number(),
        size: z.number(),
        written: z.boolean().describe("False: the chip had it already"),
      }),
    )
    .optional(),
});
type Result = z.output<typeof result>;

/** 460800 is what every USB adapter on such boards does. */
const USUAL_BAUD = 460_800;
const FASTEST = 4_000_000;

export const flash = command(result, async (call: Call): Promise<Outcome<Result>> => {
  const { args, options, terminal } = call;
  const baud = baudOf(options["baud"]);
  const { contents: made, lines, given, missing, diagnostics } = await imageOf(args[0]!, call);
  if (made === undefined) return { code: exit.input, json: { ok: false, diagnostics }, text: "" };
  const contents = withValues(made, given);
  if (given === undefined && missing.length > 0)
    terminal.error(
      `the image wants values for ${missing.join(", ")}: those that the chip was given before, or give them with --secret NAME=FILE or --slots FILE\n`,
    );
  const path = await portNamed(options["port"]);
  const port = await openPort(path);
  try {
    terminal.progress(`looking for a chip on ${path}`);
    const rom = await Rom.connect(port, baud);
    const { chip } = rom;
    requireFits(contents, chip, path);
    const parts = await writeParts(rom, contents, { erase: options["erase"] === true, terminal });
    await rom.restart();
    terminal.quiet();
    const { name, mac, flash: size } = chip;
    const json = { ok: true, diagnostics, port: path, chip: name, mac, flash: size, parts };
    const text = `${name} ${mac} on ${path}, ${mebibytes(size)} of flash memory: ${summary(parts)}\n`;
    if (options["monitor"] !== true) return { code: exit.done, json, text };
    const opened = () => terminal.error(`${text}Ctrl-C or Ctrl-] ends it\n`);
    const write = (said: string) => (options["json"] === true ? terminal.error(said) : terminal.out(said));
    await monitor(port, { lines, write, opened, reset: true });
    return { code: exit.done, json, text: "" };
  } finally {
    await port.release();
  }
});

function summary(parts: NonNullable<Result["parts"]>): string {
  const written = parts.filter((part) => part.written);
  const bytes = written.reduce((sum, { size }) => sum + size, 0);
  if (written.length === 0) return "all of it was there already";
  const names = written.map(({ name }) => name).join(", ");
  return `wrote ${Math.ceil(bytes / 1024)}KiB (${names}) and compared them; it is running`;
}

interface Found {
  /** Undefined: the description has mistakes. */
  readonly contents: FlashContents | undefined;
  readonly lines: Lines | undefined;
  readonly given: GivenLines;
  /** Slots that have no default, as far as they are known. */
  readonly missing: readonly string[];
  readonly diagnostics: Result["diagnostics"];
}

/** A file that was built before, or what a description gives now. */
async function imageOf(name: string, { options, terminal }: Call): Promise<Found> {
  const { secret: secrets, slots } = options;
  const params = paramsOf(options["param"]);
  if (lookAt(name)?.isFile() === true) {
    const bytes = readImage(name);
    if (contentsOf(bytes) !== undefined) {
      if (secrets !== undefined)
        throw usageError("--secret wants a description", "an image is given values with --slots FILE");
      const lines = await linesOfImage(bytes);
      const given = linesFrom(slots);
      return { contents: flashOf(name, bytes), lines, given, missing: [], diagnostics: [] };
    }
  }
  const subject: Subject = { ...subjectOf(name, params), startsMachines: true };
  const { diagnostics, built } = await buildCounting(subject, terminal, {
    locked: options["locked"] === true,
  });
  printDiagnostics(diagnostics, subject, terminal);
  return {
    contents: built && flashOf(name, built.image),
    lines: built && (await linesOf(built.report)),
    given: built && givenLines({ params, secrets, slots }, built.report),
    missing: (built?.report.slots ?? []).filter((it) => it.default === undefined).map((it) => it.slot),
    diagnostics: jsonDiagnostics(diagnostics, subject),
  };
}

function flashOf(name: string, image: Uint8Array): FlashContents {
  const contents = readFlashImage(image);
  if (contents !== undefined) return contents;
  throw inputError(
    `${name} is not for the flash memory of a chip`,
    "its target has to be a board with one: `target chip { board = esp32.olimex_poe }`, then FILE@chip",
  );
}

function baudOf(given: unknown): number {
  if (given === undefined) return USUAL_BAUD;
  const baud = Number(given);
  if (Number.isInteger(baud) && baud >= BAUD && baud <= FASTEST) return baud;
  throw usageError(`--baud wants a number from ${BAUD} to ${FASTEST}, and not \`${given}\``);
}
